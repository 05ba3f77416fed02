# embed(OUT HEADER NAME TEXT): writes a text as a C array `NAME` with its length `NAME_len`, as HEADER declares them. A NUL
# follows that the length does not count.
function(embed out header name text)
  string(HEX "${text}" bytes)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REPEAT "....." 20 line)
  string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
  file(WRITE ${out} "#include \"${header}\"

const unsigned char ${name}[] = {
${bytes}0};
const size_t ${name}_len = sizeof ${name} - 1;
")
endfunction()
