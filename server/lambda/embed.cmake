# Writes the runtime as a C array:
#   cmake -DFOLDER=server/lambda -DOUT=lambda_runtime.c -P embed.cmake
include(${CMAKE_CURRENT_LIST_DIR}/../embed.cmake)
file(READ ${FOLDER}/runtime.py runtime)
embed(${OUT} runtime.h lambda_runtime "${runtime}")
