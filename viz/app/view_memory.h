// What the views derive from a run and keep between frames: textures, layouts, cached numbers.
// Each view keeps one struct of its own, private to its .cpp file:
//     auto& memory = context.memory.of<TokensMemory>();
// The app owns the one ViewMemory, hands it to every view, and destroys it before the GL context.
#pragma once

#include <map>
#include <memory>
#include <typeindex>
#include <utility>

#include "viz/widgets/texture.h"

namespace vitrine::viz {

class ViewMemory {
   public:
    /// @param device  makes textures: opengl_textures() in the window, the default where no GL is
    explicit ViewMemory(TextureDevice device = recorded_textures()) : device_(std::move(device)) {}

    /// The one T of this memory, made when it is first asked for.
    template <class T>
    T& of() {
        std::shared_ptr<void>& slot = slots_[std::type_index(typeid(T))];
        if (!slot) slot = std::make_shared<T>();
        return *static_cast<T*>(slot.get());
    }

    const TextureDevice& device() const { return device_; }

   private:
    TextureDevice device_;  // outlives the textures in the slots: destroyed after them
    std::map<std::type_index, std::shared_ptr<void>> slots_;
};

}  // namespace vitrine::viz
