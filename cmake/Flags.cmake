# SPDX-License-Identifier: Apache-2.0
# Compiler flags that every object of the project is compiled with.
add_library(dehusk_flags INTERFACE)
target_compile_definitions(dehusk_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(dehusk_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wcast-qual -Wvla -Wformat=2 -Wundef
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes$<SEMICOLON>-Wmissing-prototypes>
    $<$<BOOL:${DEHUSK_WERROR}>:-Werror>)

# The same source gives the same bytes wherever it is built. Not for Debug: debuggers, sanitizer
# reports and gcov want to find the files.
target_compile_options(dehusk_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${CMAKE_BINARY_DIR}=build>
    $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.>)

# For the tests that compile a program against the library: it must be built alike.
set(DEHUSK_TEST_CFLAGS "")
if(DEHUSK_SANITIZE)
    target_compile_options(dehusk_flags INTERFACE -fsanitize=address,undefined
        -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(dehusk_flags INTERFACE -fsanitize=address,undefined)
    string(APPEND DEHUSK_TEST_CFLAGS " -fsanitize=address,undefined")
endif()
if(DEHUSK_COVERAGE)
    # Atomic counters: the pool's threads would lose counts otherwise.
    target_compile_options(dehusk_flags INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(dehusk_flags INTERFACE --coverage)
    target_compile_definitions(dehusk_flags INTERFACE DEHUSK_COVERAGE)
    string(APPEND DEHUSK_TEST_CFLAGS " --coverage")
endif()
