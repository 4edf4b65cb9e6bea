# SPDX-License-Identifier: Apache-2.0
# Programs that measure: not built by default, `cmake --build build/release --target bench`.
add_custom_target(bench)
file(GLOB bench_sources CONFIGURE_DEPENDS bench/*.c)
foreach(source ${bench_sources})
    cmake_path(GET source STEM name)
    add_executable(bench_${name} EXCLUDE_FROM_ALL ${source})
    set_target_properties(bench_${name} PROPERTIES OUTPUT_NAME ${name}
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
    target_link_libraries(bench_${name} PRIVATE dehusk_same dehusk_shapes dehusk_objects dehusk_far)
    add_dependencies(bench bench_${name})
endforeach()
