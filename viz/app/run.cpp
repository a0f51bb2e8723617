#include "viz/app/run.h"

namespace vitrine::viz {

namespace {

template <class Kind>
const Kind* held(const Model& model) {
    const auto* found = std::get_if<std::unique_ptr<Kind>>(&model);
    return found == nullptr ? nullptr : found->get();
}

const Matrix* if_any(const Matrix& table) {
    return table.rows == 0 ? nullptr : &table;
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

const EncoderDecoder* LoadedModel::text_to_text() const {
    return held<EncoderDecoder>(model);
}

const Clip* LoadedModel::clip() const {
    return held<Clip>(model);
}

const Matrix* LoadedModel::token_table() const {
    if (const Decoder* one = decoder()) return if_any(one->weights().wte);
    if (const Encoder* one = encoder()) return if_any(one->weights().tokens);
    if (const EncoderDecoder* one = text_to_text()) return if_any(one->weights().tokens);
    if (const Clip* one = clip()) return if_any(one->weights().tokens);
    return nullptr;
}

const Matrix* LoadedModel::position_table() const {
    if (const Decoder* one = decoder()) return if_any(one->weights().wpe);
    if (const Encoder* one = encoder()) return if_any(one->weights().positions);
    if (const Clip* one = clip()) return if_any(one->weights().text_positions);
    return nullptr;
}

Index Run::positions(Axis axis) const {
    switch (axis) {
        case Axis::text: break;
        case Axis::target: return static_cast<Index>(target.ids.size());
        case Axis::picture: return picture ? picture->positions() : 0;
    }
    return positions();
}

Index Run::layers() const {
    if (!stacks.empty()) return stacks.front().layers();
    return model ? model->info().layers : 0;
}

const Activation* Run::kept(const std::string& full_name) const {
    const auto found = activations.find(full_name);
    return found == activations.end() ? nullptr : &found->second;
}

const Activation* Run::at(Index layer, const std::string& name) const {
    return Tower(*this).at(layer, name);
}

const Activation* Run::at(const std::string& name) const {
    return Tower(*this).at(name);
}

Tower::Tower(const Run& run, const AttentionStack* stack)
    : run_(&run), stack_(stack != nullptr || run.stacks.empty() ? stack : &run.stacks.front()) {}

const Activation* Tower::at(Index layer, const std::string& name) const {
    return at("blocks." + std::to_string(layer) + "." + name);
}

const Activation* Tower::at(const std::string& name) const {
    return run_->kept(prefix() + name);
}

}  // namespace vitrine::viz
