# SPDX-License-Identifier: Apache-2.0
# cmake --install: the program, both libraries, the header, pkg-config and CMake files, man page,
# completions and the rules.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dehusk)

install(TARGETS dehusk RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES src/dehusk/dehusk.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# Two sets: who links the shared library needs none of the packages that the static one needs.
foreach(kind shared static)
    install(TARGETS dehusk_${kind} EXPORT dehusk-${kind}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT dehusk-${kind} NAMESPACE dehusk:: DESTINATION ${package_dir}
        FILE dehusk-${kind}.cmake)
endforeach()
configure_package_config_file(cmake/dehusk-config.cmake.in
    ${CMAKE_BINARY_DIR}/package/dehusk-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/dehusk-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/dehusk-config.cmake
    ${CMAKE_BINARY_DIR}/package/dehusk-config-version.cmake DESTINATION ${package_dir})

# Paths relative to the .pc file, so that the tree may be moved or installed under another prefix.
file(RELATIVE_PATH prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH libdir_from_prefix ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH include_from_prefix ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(cmake/dehusk.pc.in ${CMAKE_BINARY_DIR}/package/dehusk.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/package/dehusk.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY rules/ DESTINATION ${CMAKE_INSTALL_DATADIR}/dehusk/rules)
foreach(section 1 5)
    file(GLOB man_pages CONFIGURE_DEPENDS man/*.${section})
    install(FILES ${man_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(FILES completions/dehusk.bash RENAME dehusk OPTIONAL
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES completions/_dehusk OPTIONAL
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES completions/dehusk.fish OPTIONAL
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(DIRECTORY examples/systemd DESTINATION ${CMAKE_INSTALL_DATADIR}/dehusk/examples)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
