#include "models/registry.h"

#include "models/families.h"
#include "tensor/error.h"

namespace vitrine {

const std::map<std::string, ModelBuilder>& model_families() {
    static const std::map<std::string, ModelBuilder> families{
        {"bert", load_bert},   {"clip", load_clip},          {"gpt2", load_gpt2},
        {"llama", load_llama}, {"mamba", load_mamba},        {"mistral", load_mistral},
        {"mt5", load_t5},      {"qwen2", load_qwen2},        {"roberta", load_roberta},
        {"t5", load_t5},       {"xlm-roberta", load_roberta}};
    return families;
}

Model load_model(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder)) {
        throw FileError(folder.string(), "the folder of a model", "no such folder",
                        "`vitrine models list` shows what is there");
    }
    const ConfigFile config = ConfigFile::open(folder);
    const std::string type = config.model_type();
    const auto& families = model_families();
    const auto family = families.find(type);
    if (family == families.end()) {
        std::string known;
        for (const auto& [name, builder] : families) known += (known.empty() ? "" : ", ") + name;
        throw FileError(config.where() + ", \"model_type\"", "one of " + known, "\"" + type + "\"");
    }
    return family->second(config, TensorFile::open(folder));
}

std::unique_ptr<LanguageModel> load_language_model(const std::filesystem::path& folder) {
    Model model = load_model(folder);
    if (auto* found = std::get_if<std::unique_ptr<LanguageModel>>(&model)) return std::move(*found);
    throw FileError(folder.string(), "a model that predicts the next token",
                    "\"" + info_of(model).family + "\", which does not");
}

const ModelInfo& info_of(const Model& model) {
    return std::visit([](const auto& kind) -> const ModelInfo& { return kind->info(); }, model);
}

}  // namespace vitrine
