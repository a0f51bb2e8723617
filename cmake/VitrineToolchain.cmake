# The standard, warnings, sanitizers, and the helpers that make builds fast.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The precompiled header holds times and macros: without these two ccache would never hit.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
    add_link_options(-fuse-ld=mold)
endif()

add_library(vitrine_options INTERFACE)
target_compile_options(vitrine_options INTERFACE -Wall -Wextra)
# g++ 12 takes sums of strings for overruns (GCC bugs 105329, 105651).
target_compile_options(vitrine_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>)
# clang 14 warns where it can't vectorise a loop that OpenMP's simd allows it to.
target_compile_options(vitrine_options INTERFACE
    $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wno-pass-failed>)
if(VITRINE_WERROR)
    target_compile_options(vitrine_options INTERFACE -Werror)
endif()
if(VITRINE_NATIVE)
    add_compile_options(-march=native)
endif()
if(VITRINE_SANITIZE)
    # -g1: the lines of a stack, and no more.
    add_compile_options(-fsanitize=${VITRINE_SANITIZE} -fno-omit-frame-pointer -O1 -g1)
    add_link_options(-fsanitize=${VITRINE_SANITIZE})
    if(VITRINE_SANITIZE MATCHES "undefined")
        add_compile_options(-fno-sanitize-recover=undefined)
    endif()
endif()
