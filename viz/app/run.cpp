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

const std::vector<BlockWeights>* LoadedModel::blocks() const {
    if (const Decoder* one = decoder()) return &one->weights().blocks;
    if (const Encoder* one = encoder()) return &one->weights().blocks;
    if (const EncoderDecoder* one = text_to_text()) return &one->weights().stacks.encoder;
    if (const Clip* one = clip()) return &one->weights().text_blocks;
    return nullptr;
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

const Activation* Run::at(Index layer, const std::string& name) const {
    return Tower(*this).at(layer, name);
}

const Activation* Run::at(const std::string& name) const {
    return Tower(*this).at(name);
}

Tower::Tower(const Run& run, const AttentionStack* stack)
    : run_(&run), stack_(stack != nullptr || run.stacks.empty() ? stack : &run.stacks.front()) {}

const std::vector<BlockWeights>* Tower::blocks() const {
    if (stack_ != nullptr) return stack_->blocks;
    return run_->model ? run_->model->blocks() : nullptr;
}

const Activation* Tower::at(Index layer, const std::string& name) const {
    return at("blocks." + std::to_string(layer) + "." + name);
}

const Activation* Tower::at(const std::string& name) const {
    const auto found = run_->activations.find(prefix() + name);
    return found == run_->activations.end() ? nullptr : &found->second;
}

}  // namespace vitrine::viz
