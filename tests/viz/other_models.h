// T5 and CLIP of the fixtures as the app loads them, with words that are called by their ids.
#pragma once

#include <string>

#include "golden.h"
#include "model_of_words.h"
#include "viz/app/engine.h"

namespace vitrine::test {

class ModelInApp {
   public:
    explicit ModelInApp(const std::string& name)
        : words_(name), model(viz::load_with_tokenizer(words_.path())) {}

    std::shared_ptr<const viz::Run> run(const std::string& text,
                                        const std::filesystem::path& picture = {}) const {
        viz::Engine engine(model);
        if (!picture.empty()) engine.use_picture(picture);
        engine.request(text);
        engine.wait();
        REQUIRE(engine.error() == "");
        REQUIRE(engine.run() != nullptr);
        return engine.run();
    }
    /// The visible ids of row b of the golden, as a text.
    std::string golden_text(std::size_t b) const {
        const TensorFile file = golden_file();
        const auto ids = file.at("input_ids").integers(),
                   mask = file.at("attention_mask").integers();
        const auto T = static_cast<std::size_t>(file.at("input_ids").shape[1]);
        std::vector<std::int64_t> seen;
        for (std::size_t t = b * T; t < (b + 1) * T; ++t) {
            if (mask[t] != 0) seen.push_back(ids[t]);
        }
        return words_.words(seen);
    }
    TensorFile golden_file() const { return words_.golden_file(); }

   private:
    ModelOfWords words_;

   public:
    std::shared_ptr<const viz::LoadedModel> model;
};

inline std::filesystem::path picture_of_clip() {
    return fixture("models/clip/image.png");
}

}  // namespace vitrine::test
