// What the view of the models remembers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "viz/app/model_download.h"
#include "viz/app/model_shelf.h"
#include "viz/widgets/text_field.h"

namespace vitrine::viz {

struct ModelsMemory {
    ModelDownload download;
    TextField name;                                       // of another model of the hub
    std::shared_ptr<const std::vector<ShelfModel>> here;  // null: not looked yet
    std::uint64_t looks = 0;
    double look_at = -10;       // seconds
    std::string seen_finished;  // the download whose end was noticed
};

}  // namespace vitrine::viz
