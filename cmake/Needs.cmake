# SPDX-License-Identifier: Apache-2.0
# What is needed from the system. A missing piece stops here with the name of its Debian package.
find_package(PkgConfig QUIET)
if(NOT PKG_CONFIG_FOUND)
    message(FATAL_ERROR "pkg-config is missing. On Debian: apt-get install pkg-config")
endif()
find_package(Threads REQUIRED)

# module: its pkg-config name. package: the Debian package that has it.
function(dehusk_need module package)
    pkg_check_modules(${module} QUIET IMPORTED_TARGET GLOBAL ${module})
    if(NOT ${module}_FOUND)
        message(FATAL_ERROR "${module} is missing. On Debian: apt-get install ${package}")
    endif()
endfunction()
dehusk_need(gumbo libgumbo-dev)
dehusk_need(icu-uc libicu-dev)
dehusk_need(icu-i18n libicu-dev)
dehusk_need(libxml-2.0 libxml2-dev)
dehusk_need(libcurl libcurl4-openssl-dev)
dehusk_need(zlib zlib1g-dev)
dehusk_need(libpsl libpsl-dev)
dehusk_need(sqlite3 libsqlite3-dev)
