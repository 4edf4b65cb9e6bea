# SPDX-License-Identifier: Apache-2.0
# The tests, found by their place. A folder tests/SOMETHING/ that no part below reads is not run.
dehusk_need(cmocka libcmocka-dev)
dehusk_need(libbrotlienc libbrotli-dev)
dehusk_need(libssl libssl-dev)

# Every tests/unit/FOLDER/test_NAME.c is a cmocka program of its own. It links the static library:
# only what it uses of it.
file(GLOB DEHUSK_UNIT_TESTS CONFIGURE_DEPENDS tests/unit/*/test_*.c)
foreach(source ${DEHUSK_UNIT_TESTS})
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET folder FILENAME folder)
    cmake_path(GET source STEM name)
    set(target ${folder}_${name})
    add_executable(${target} ${source})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src)
    if(folder MATCHES "^(work|net|archive|crawl|lang|corpus)$")
        target_link_libraries(${target} PRIVATE dehusk_far)
    endif()
    if(folder STREQUAL "dom")
        target_link_libraries(${target} PRIVATE dehusk_same)
    endif()
    if(target STREQUAL "dehusk_test_hostile")
        target_link_libraries(${target} PRIVATE dehusk_shapes)
    endif()
    if(target STREQUAL "archive_test_content")
        target_link_libraries(${target} PRIVATE PkgConfig::libbrotlienc)
    endif()
    target_link_libraries(${target} PRIVATE dehusk_static dehusk_flags PkgConfig::cmocka)
    target_compile_definitions(${target} PRIVATE DH_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
        WARC_CHECK="${CMAKE_BINARY_DIR}/tests/warc_check"
        TEST_WEB="${CMAKE_BINARY_DIR}/tests/web")
    add_test(NAME unit.${folder}.${name} COMMAND ${target})
endforeach()

# A checker of WARC files that shares no code with what is tested.
add_executable(warc_check tests/warc/check.c)
set_target_properties(warc_check PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_link_libraries(warc_check PRIVATE dehusk_flags PkgConfig::zlib)

# For the tests of --isolate: a parser that pages can kill, and a kernel that refuses.
add_library(test_fragile MODULE tests/isolate/fragile.c)
set_target_properties(test_fragile PROPERTIES OUTPUT_NAME fragile PREFIX ""
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_include_directories(test_fragile SYSTEM PRIVATE ${gumbo_INCLUDE_DIRS})
target_compile_options(test_fragile PRIVATE -O0)
target_link_libraries(test_fragile PRIVATE PkgConfig::zlib Threads::Threads ${CMAKE_DL_LIBS})
add_executable(test_deny tests/isolate/deny.c)
set_target_properties(test_deny PROPERTIES OUTPUT_NAME deny
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_link_libraries(test_deny PRIVATE dehusk_flags PkgConfig::libseccomp)
set(DEHUSK_ISOLATE_ENV "FRAGILE=$<TARGET_FILE:test_fragile>;DENY=$<TARGET_FILE:test_deny>;HOSTILE=$<TARGET_FILE:dehusk_hostile>")
set_target_properties(dehusk_hostile PROPERTIES EXCLUDE_FROM_ALL OFF)

# The web that the crawl's tests crawl; tests/web/NAME.sh runs as those of tests/cli, with its path in WEB.
add_executable(test_web tests/web/web.c tests/web/tls.c)
set_target_properties(test_web PROPERTIES OUTPUT_NAME web
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_link_libraries(test_web PRIVATE dehusk_flags PkgConfig::zlib PkgConfig::libssl PkgConfig::libcrypto)
add_dependencies(crawl_test_clock test_web)
file(GLOB DEHUSK_WEB_TESTS CONFIGURE_DEPENDS tests/web/*.sh)
foreach(script ${DEHUSK_WEB_TESTS})
    cmake_path(GET script STEM name)
    add_test(NAME web.${name} COMMAND bash ${script})
    set_tests_properties(web.${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
        ENVIRONMENT "DEHUSK=$<TARGET_FILE:dehusk>;SOURCE=${CMAKE_SOURCE_DIR};WEB=$<TARGET_FILE:test_web>;WARC_CHECK=$<TARGET_FILE:warc_check>;${DEHUSK_ISOLATE_ENV}")
endforeach()

# The program with tests/faults/faults.c between it and the C library, and the same to be loaded before the libraries.
set(DEHUSK_FAULTS malloc calloc realloc free posix_memalign aligned_alloc read pread write pwrite ftruncate fsync
    fdatasync rename renameat link close open openat opendir mkdir readdir stat lstat fstat)
list(TRANSFORM DEHUSK_FAULTS PREPEND "-Wl,--wrap=")
add_executable(test_faulty ${DEHUSK_CLI_SOURCES} tests/faults/faults.c)
set_source_files_properties(tests/faults/faults.c PROPERTIES COMPILE_OPTIONS
    "-Wno-pedantic;-Wno-missing-prototypes;-Wno-conversion")
target_compile_definitions(test_faulty PRIVATE FAULTS_WRAP)
target_link_libraries(test_faulty PRIVATE dehusk_objects dehusk_far)
target_link_options(test_faulty PRIVATE ${DEHUSK_FAULTS})
set_target_properties(test_faulty PROPERTIES OUTPUT_NAME faulty RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
add_library(test_faults MODULE tests/faults/faults.c)
set_target_properties(test_faults PROPERTIES OUTPUT_NAME faults PREFIX ""
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_link_libraries(test_faults PRIVATE ${CMAKE_DL_LIBS})
add_test(NAME faults.sample COMMAND bash ${CMAKE_SOURCE_DIR}/tests/faults/run.sh)
set_tests_properties(faults.sample PROPERTIES TIMEOUT 600 ENVIRONMENT
    "DEHUSK=$<TARGET_FILE:test_faulty>;SOURCE=${CMAKE_SOURCE_DIR};WEB=$<TARGET_FILE:test_web>;WARC_CHECK=$<TARGET_FILE:warc_check>")

# Every tests/cli/NAME.sh runs with the program's path in DEHUSK and the source tree in SOURCE.
file(GLOB DEHUSK_CLI_TESTS CONFIGURE_DEPENDS tests/cli/*.sh)
foreach(script ${DEHUSK_CLI_TESTS})
    cmake_path(GET script STEM name)
    add_test(NAME cli.${name} COMMAND bash ${script})
    set_tests_properties(cli.${name} PROPERTIES
        ENVIRONMENT
        "DEHUSK=$<TARGET_FILE:dehusk>;WARC_CHECK=$<TARGET_FILE:warc_check>;SOURCE=${CMAKE_SOURCE_DIR};${DEHUSK_ISOLATE_ENV}")
endforeach()

# Every tests/browser/NAME.sh: as these, with a browser; skipped (77) where there is none.
file(GLOB DEHUSK_BROWSER_TESTS CONFIGURE_DEPENDS tests/browser/*.sh)
foreach(script ${DEHUSK_BROWSER_TESTS})
    cmake_path(GET script STEM name)
    add_test(NAME browser.${name} COMMAND bash ${script})
    set_tests_properties(browser.${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
        ENVIRONMENT "DEHUSK=$<TARGET_FILE:dehusk>;SOURCE=${CMAKE_SOURCE_DIR}")
endforeach()

# The rules of src/LAYERS and of the style, and that the check finds what breaks them.
foreach(name check self)
    add_test(NAME layers.${name}
        COMMAND bash ${CMAKE_SOURCE_DIR}/tests/layers/${name}.sh ${CMAKE_SOURCE_DIR})
endforeach()

# What was found to hurt, and the test that shows what becomes of it.
add_test(NAME hostile.checklist
    COMMAND bash ${CMAKE_SOURCE_DIR}/tests/hostile/check.sh ${CMAKE_SOURCE_DIR})

# examples/NAME.c against the shared library, as a user of the build folder would.
file(GLOB DEHUSK_EXAMPLES CONFIGURE_DEPENDS examples/*.c)
foreach(source ${DEHUSK_EXAMPLES})
    cmake_path(GET source STEM name)
    add_executable(example_${name} ${source})
    set_target_properties(example_${name} PROPERTIES OUTPUT_NAME ${name}
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/examples)
    target_link_libraries(example_${name} PRIVATE dehusk_shared dehusk_flags)
endforeach()

# Every tests/packaging/NAME.sh: what is exported and installed, and that programs find it.
file(GLOB DEHUSK_PACKAGING_TESTS CONFIGURE_DEPENDS tests/packaging/*.sh)
if(DEHUSK_COVERAGE) # gcov's own code is linked in and exports names
    list(FILTER DEHUSK_PACKAGING_TESTS EXCLUDE REGEX "/symbols\\.sh$")
endif()
foreach(script ${DEHUSK_PACKAGING_TESTS})
    cmake_path(GET script STEM name)
    add_test(NAME packaging.${name} COMMAND bash ${script})
    set_tests_properties(packaging.${name} PROPERTIES ENVIRONMENT
        "BUILD=${CMAKE_BINARY_DIR};SOURCE=${CMAKE_SOURCE_DIR};CMAKE=${CMAKE_COMMAND};CC=${CMAKE_C_COMPILER};CFLAGS=${DEHUSK_TEST_CFLAGS};LIBDIR=${CMAKE_INSTALL_LIBDIR};VERSION=${PROJECT_VERSION};SHARED=$<TARGET_FILE:dehusk_shared>;STATIC=$<TARGET_FILE:dehusk_static>;CONFIG=$<CONFIG>")
endforeach()

# The fuzz targets, run once over every fixture and over what earlier runs found.
file(GLOB fuzz_sources CONFIGURE_DEPENDS tests/fuzz/*.c)
foreach(source ${fuzz_sources})
    cmake_path(GET source STEM name)
    add_executable(replay_${name} ${source} tests/fuzz/replay/main.c)
    set_target_properties(replay_${name} PROPERTIES OUTPUT_NAME replay_${name}
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(replay_${name} PRIVATE dehusk_same dehusk_objects dehusk_far)
    set(more "")
    if(name STREQUAL "rules")
        set(more ${CMAKE_SOURCE_DIR}/rules)
    endif()
    add_test(NAME fuzz.${name} COMMAND replay_${name} ${CMAKE_SOURCE_DIR}/fixtures ${more}
        ${CMAKE_SOURCE_DIR}/tests/fuzz/found)
endforeach()
