#include "models/registry.h"

#include "models/gpt2.h"
#include "models/llama.h"
#include "tensor/error.h"

namespace vitrine {

const std::map<std::string, LanguageModelBuilder>& language_model_families() {
    static const std::map<std::string, LanguageModelBuilder> families{
        {"gpt2", load_gpt2}, {"llama", load_llama}, {"mistral", load_llama}, {"qwen2", load_llama}};
    return families;
}

std::unique_ptr<LanguageModel> load_language_model(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder)) {
        throw FileError(folder.string(), "the folder of a model", "no such folder",
                        "`vitrine models list` shows what is there");
    }
    const ConfigFile config = ConfigFile::open(folder);
    const std::string type = config.model_type();
    const auto& families = language_model_families();
    const auto family = families.find(type);
    if (family == families.end()) {
        std::string known;
        for (const auto& [name, builder] : families) known += (known.empty() ? "" : ", ") + name;
        throw FileError(config.where() + ", \"model_type\"", "one of " + known, "\"" + type + "\"");
    }
    return family->second(config, TensorFile::open(folder));
}

}  // namespace vitrine
