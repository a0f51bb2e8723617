// A changed config.json in front of a family's own weights: refused, or a model that computes.
// The first byte chooses the family, the rest is a JSON merge patch of its config.json.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "io/json.h"
#include "models/registry.h"
#include "tensor/error.h"

namespace {

using namespace vitrine;
using nlohmann::json;

struct Family {
    json config;
    TensorFile tensors;
};

const std::vector<Family>& families() {
    static const std::vector<Family> all = [] {
        std::vector<Family> read;
        for (const char* name : {"gpt2", "bert", "bert-classifier", "roberta", "t5", "t5-v1_1",
                                 "llama", "llama3", "qwen2", "mistral", "mamba", "clip"}) {
            const std::string folder = std::string(VITRINE_FIXTURES) + "/models/" + name;
            read.push_back({read_json(folder + "/config.json"), TensorFile::open(folder)});
        }
        return read;
    }();
    return all;
}

void require(bool holds) {
    if (!holds) std::abort();
}

const std::vector<int> ids{1, 2, 3};

void use(const std::unique_ptr<LanguageModel>& model) {
    State state = model->new_state();
    const Sequence whole{ids}, cached{ids, &state};
    require(model->forward({&whole, 1})[0].shape()[0] == ids.size());
    model->forward({&cached, 1}, Logits::last);
    require(state.length == static_cast<Index>(ids.size()));
}

void use(const std::unique_ptr<Encoder>& model) {
    const TokenInput input{ids};
    require(model->forward({&input, 1})[0].shape()[0] == ids.size());
}

void use(const std::unique_ptr<EncoderDecoder>& model) {
    const TokenInput input{ids};
    use(model->after(model->encode({&input, 1})[0]));
}

void use(const std::unique_ptr<Clip>& model) {
    const TokenInput input{ids};
    require(model->embed_texts({&input, 1}).shape()[0] == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const Family& family = families()[data[0] % families().size()];
    try {
        json config = family.config;
        config.merge_patch(parse_json({reinterpret_cast<const char*>(data + 1), size - 1}, "fuzz"));
        const ConfigFile file = ConfigFile::parse(config.dump(), "fuzz");
        const auto found = model_families().find(file.model_type());
        if (found == model_families().end()) return 0;
        std::visit([](const auto& model) { use(model); }, found->second(file, family.tensors));
    } catch (const Error&) {
    }
    return 0;
}
