# vitrine_library(NAME DEPENDS ... ): the static library of one folder, with all its .cpp files.
# vitrine_test(NAME DEPENDS ... ): a doctest program of all .cpp files of one folder.

# These take seconds to parse: they are parsed once and shared by every target. Not nlohmann/json.hpp:
# its literals and hashes make a compiler build a parser in every file that has seen it, 0.7 s each.
set(vitrine_often_included
    ${PROJECT_SOURCE_DIR}/lib/tensor/tensor.h
    <algorithm> <array> <chrono> <cmath> <filesystem> <functional> <iostream> <map> <memory> <mutex>
    <optional> <set> <span> <sstream> <string> <string_view> <thread> <variant> <vector>)

function(vitrine_precompile target)
    if(TARGET vitrine_tensor AND NOT target STREQUAL "vitrine_tensor")
        target_precompile_headers(${target} REUSE_FROM vitrine_tensor)
    else()
        target_precompile_headers(${target} PRIVATE ${vitrine_often_included})
    endif()
endfunction()

# For code that waits on files, keys and children: -O1 serves it as well, and compiles in three
# quarters of the time.
function(vitrine_compile_quickly target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release,RelWithDebInfo>:-O1>)
endfunction()

function(vitrine_library name)
    cmake_parse_arguments(ARG "" "" "DEPENDS;LINK;SOURCES" ${ARGN})
    if(NOT ARG_SOURCES)
        file(GLOB ARG_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    endif()
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_LINK}
                          $<BUILD_INTERFACE:vitrine_options>)
    target_compile_features(${name} PUBLIC cxx_std_20)  # for whoever uses the installed package
    vitrine_precompile(${name})
endfunction()

function(vitrine_test name)
    cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    if(NOT sources)
        return()
    endif()
    add_executable(${name} ${sources} ${PROJECT_SOURCE_DIR}/tests/main.cpp)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/tests)
    target_compile_definitions(${name} PRIVATE
        VITRINE_FIXTURES="${PROJECT_SOURCE_DIR}/tests/fixtures"
        VITRINE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
        VITRINE_BINARY_DIR="${PROJECT_BINARY_DIR}")
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} vitrine_options)
    vitrine_compile_quickly(${name})
    if(ARG_DEPENDS MATCHES "vitrine")
        if(TARGET vitrine_lib_tests AND NOT name STREQUAL "vitrine_lib_tests")
            target_precompile_headers(${name} REUSE_FROM vitrine_lib_tests)
        else()
            target_precompile_headers(${name} PRIVATE ${vitrine_often_included}
                <doctest/doctest.h>)
        endif()
        set_source_files_properties(${PROJECT_SOURCE_DIR}/tests/main.cpp
                                    PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    endif()
    add_test(NAME ${name} COMMAND ${name})
    # ctest runs several at a time: OpenMP's threads must not spin on the other ones' processors.
    set_tests_properties(${name} PROPERTIES ENVIRONMENT OMP_WAIT_POLICY=passive)
endfunction()
