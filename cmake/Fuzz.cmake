# SPDX-License-Identifier: Apache-2.0
# DEHUSK_FUZZ: every tests/fuzz/NAME.c becomes the libFuzzer program fuzz/NAME. Without the option
# the same files are linked to tests/fuzz/replay/main.c and run over the fixtures as a test.
include(CheckCSourceCompiles)
set(CMAKE_REQUIRED_FLAGS -fsanitize=fuzzer,address,undefined)
check_c_source_compiles("#include <stddef.h>
    int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);
    int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n) { return p == NULL && n != 0; }"
    DEHUSK_HAS_LIBFUZZER)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT DEHUSK_HAS_LIBFUZZER)
    message(FATAL_ERROR "DEHUSK_FUZZ needs clang with libFuzzer. "
        "On Debian: apt-get install clang libclang-rt-14-dev")
endif()
# An empty slice may be NULL, and NULL + 0 is what C2y defines and clang still reports. What is checked of functions in
# C++ (src/lang) needs a runtime of C++, which the targets do not have.
target_compile_options(dehusk_flags INTERFACE -fsanitize=fuzzer-no-link
    -fno-sanitize=pointer-overflow,function,vptr)
file(GLOB fuzz_sources CONFIGURE_DEPENDS tests/fuzz/*.c)
foreach(source ${fuzz_sources})
    cmake_path(GET source STEM name)
    add_executable(fuzz_${name} ${source})
    set_target_properties(fuzz_${name} PROPERTIES OUTPUT_NAME ${name}
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    target_link_libraries(fuzz_${name} PRIVATE dehusk_same dehusk_objects dehusk_far)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endforeach()
