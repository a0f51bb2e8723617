// A file that was dropped on the window, until a view takes it: kept in ViewMemory.
#pragma once

#include <string>

namespace vitrine::viz {

struct DroppedFile {
    std::string path;  // empty: none
};

}  // namespace vitrine::viz
