# Joins the page, its style and its script, and writes them as a C array:
#   cmake -DFOLDER=server/console -DOUT=console_page.c -P embed.cmake
foreach(part html css js)
  file(READ ${FOLDER}/console.${part} ${part})
endforeach()
string(REPLACE "/*console.css*/" "${css}" html "${html}")
string(REPLACE "/*console.js*/" "${js}" html "${html}")
string(HEX "${html}" bytes)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REPEAT "....." 20 line)
string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
file(WRITE ${OUT} "#include \"console.h\"

const unsigned char console_page[] = {
${bytes}};
const size_t console_page_len = sizeof console_page;
")
