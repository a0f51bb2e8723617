# `cmake --install`: the library with its CMake package, the program, the assets, the completions.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/vitrine)
set(vitrine_uses_onednn OFF)
if(TARGET OneDNN::OneDNN)
    set(vitrine_uses_onednn ON)
endif()

set(libraries vitrine)
foreach(folder tensor kernels activations io hub text nn models generate tasks train)
    list(APPEND libraries vitrine_${folder})
endforeach()
install(TARGETS ${libraries} EXPORT vitrineTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        COMPONENT library)
install(EXPORT vitrineTargets NAMESPACE vitrine:: DESTINATION ${package_dir} COMPONENT library)
install(DIRECTORY lib/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/vitrine COMPONENT library
        FILES_MATCHING PATTERN "*.h")

configure_package_config_file(cmake/vitrineConfig.cmake.in
    ${PROJECT_BINARY_DIR}/package/vitrineConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/vitrineConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/package/vitrineConfig.cmake
              ${PROJECT_BINARY_DIR}/package/vitrineConfigVersion.cmake
              cmake/FindOneDNN.cmake
        DESTINATION ${package_dir} COMPONENT library)

install(TARGETS vitrine_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY assets/ DESTINATION ${CMAKE_INSTALL_DATADIR}/vitrine/assets)
# What `vitrine check` compiles and checks a learner's file with: see chapters/runner/places.h.
install(DIRECTORY chapters DESTINATION ${CMAKE_INSTALL_DATADIR}/vitrine
        PATTERN runner EXCLUDE PATTERN CMakeLists.txt EXCLUDE)
install(FILES chapters/runner/bind.h DESTINATION ${CMAKE_INSTALL_DATADIR}/vitrine/chapters/runner)
install(DIRECTORY ${PROJECT_BINARY_DIR}/chapters/learner ${PROJECT_BINARY_DIR}/chapters/variants
        DESTINATION lib/vitrine FILES_MATCHING PATTERN "*.so" PATTERN "*.gch" PATTERN "prelude.h")
install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/vitrine)
install(FILES ${PROJECT_SOURCE_DIR}/completions/vitrine.bash
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME vitrine)
