# Joins the page, its style and its script, and writes them as a C array:
#   cmake -DFOLDER=server/console -DOUT=console_page.c -P embed.cmake
include(${CMAKE_CURRENT_LIST_DIR}/../embed.cmake)
foreach(part html css js)
  file(READ ${FOLDER}/console.${part} ${part})
endforeach()
string(REPLACE "/*console.css*/" "${css}" html "${html}")
string(REPLACE "/*console.js*/" "${js}" html "${html}")
embed(${OUT} console.h console_page "${html}")
