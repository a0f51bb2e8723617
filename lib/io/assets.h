// Where the bundled model, fonts and texts are: VITRINE_ASSETS, an installed prefix, the source
// tree.
#pragma once

#include <filesystem>

namespace vitrine {

/// The assets folder. Looked for in this order: $VITRINE_ASSETS; ../share/vitrine/assets beside the
/// running program; the source tree the program was built from.
/// @throws FileError  listing the places where it was looked for
std::filesystem::path assets_folder();

/// The model used when none is named: assets/models/vitrine-small.
std::filesystem::path bundled_model_folder();

}  // namespace vitrine
