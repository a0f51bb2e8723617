#include "viz/app/run.h"

namespace vitrine::viz {

namespace {

template <class Kind>
const Kind* held(const Model& model) {
    const auto* found = std::get_if<std::unique_ptr<Kind>>(&model);
    return found == nullptr ? nullptr : found->get();
}

}  // namespace

const LanguageModel* LoadedModel::language() const {
    return held<LanguageModel>(model);
}

const Decoder* LoadedModel::decoder() const {
    return dynamic_cast<const Decoder*>(language());
}

const Encoder* LoadedModel::encoder() const {
    return held<Encoder>(model);
}

const Matrix* LoadedModel::token_table() const {
    const Matrix* table = decoder() != nullptr   ? &decoder()->weights().wte
                          : encoder() != nullptr ? &encoder()->weights().tokens
                                                 : nullptr;
    return table == nullptr || table->rows == 0 ? nullptr : table;
}

const Matrix* LoadedModel::position_table() const {
    const Matrix* table = decoder() != nullptr   ? &decoder()->weights().wpe
                          : encoder() != nullptr ? &encoder()->weights().positions
                                                 : nullptr;
    return table == nullptr || table->rows == 0 ? nullptr : table;
}

const Activation* Run::at(Index layer, const std::string& name) const {
    const auto found = activations.find("blocks." + std::to_string(layer) + "." + name);
    return found == activations.end() ? nullptr : &found->second;
}

}  // namespace vitrine::viz
