// Pictures are kept as textures, in the colours of the theme that they were painted for.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/viz/app/app_stage.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

using Pictures = std::vector<std::vector<ImU32>>;

/// The pictures that exist on the device, in an order of their own.
struct Device {
    std::map<ImTextureID, std::vector<ImU32>> alive;
    std::uintptr_t next = 1000;

    TextureDevice textures() {
        return {[this](const viz::Image& image) {
                    const auto id = reinterpret_cast<ImTextureID>(next++);
                    alive[id] = image.pixels;
                    return id;
                },
                [this](ImTextureID id) { alive.erase(id); }};
    }
    Pictures pictures() const {
        Pictures all;
        for (const auto& [id, pixels] : alive) all.push_back(pixels);
        std::sort(all.begin(), all.end());
        return all;
    }
};

/// What a view's pictures are after it was drawn in one theme and then in another.
Pictures pictures_of(const View& view, bool dark_before, bool dark) {
    Device device;
    Settings settings;
    settings.dark = dark_before;
    settings.view = view.id;
    settings.chapter = "00_nothing";  // the lesson's own pictures keep their colours
    AppStage stage({1440, 900}, settings, bundled_model_folder(), device.textures());
    stage.frames(5);
    if (dark != dark_before) stage.app->handle_key('d', true);
    stage.frames(3);
    Pictures result = device.pictures();
    stage.app.reset();  // before the device that its textures belong to
    return result;
}

}  // namespace

TEST_CASE("views: pictures are repainted when the theme changes") {
    int painted = 0;
    for (const View& view : views()) {
        CAPTURE(std::string(view.id));
        const Pictures fresh = pictures_of(view, true, true);
        CHECK(pictures_of(view, false, true) == fresh);
        painted += fresh.empty() ? 0 : 1;
    }
    CHECK(painted >= 5);  // else nothing was compared
}
