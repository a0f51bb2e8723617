#include "models/sentence_encoder.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "io/config.h"
#include "io/json.h"
#include "models/registry.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

namespace fs = std::filesystem;

std::vector<Pooling> read_poolings(const fs::path& folder) {
    const ConfigFile config = ConfigFile::open(folder);
    const std::string names[] = {"cls", "max", "mean"};  // in the order they are put together
    constexpr Pooling kinds[] = {Pooling::cls, Pooling::max, Pooling::mean};
    std::vector<Pooling> poolings;
    std::string mode;
    if (config.contains({"pooling_mode"})) {
        mode = config.text({"pooling_mode"});
        for (std::size_t i = 0; i < 3; ++i) {
            if (mode == names[i]) poolings.push_back(kinds[i]);
        }
    } else {
        const std::string keys[] = {"pooling_mode_cls_token", "pooling_mode_max_tokens",
                                    "pooling_mode_mean_tokens"};
        for (std::size_t i = 0; i < 3; ++i) {
            if (config.boolean({keys[i]}, false)) poolings.push_back(kinds[i]);
        }
        for (const char* other : {"pooling_mode_mean_sqrt_len_tokens",
                                  "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken"}) {
            if (config.boolean({other}, false)) mode = other;
        }
        if (!mode.empty()) poolings.clear();
    }
    if (poolings.empty()) {
        throw FileError(config.where() + ", \"pooling_mode\"", "cls, max or mean",
                        "\"" + mode + "\"");
    }
    return poolings;
}

/// The folder of a module. @throws FileError  for a path that leaves the model's folder
fs::path inside(const fs::path& folder, const std::string& path, const std::string& where) {
    if (path.find('/') != std::string::npos || path == "..") {
        throw FileError(where, "a folder beside it", "\"" + path + "\"");
    }
    return path.empty() ? folder : folder / path;
}

std::unique_ptr<Encoder> load_encoder(const fs::path& folder) {
    Model model = load_model(folder);
    if (auto* found = std::get_if<std::unique_ptr<Encoder>>(&model)) return std::move(*found);
    throw FileError(folder.string(), "an encoder", "\"" + info_of(model).family + "\"");
}

}  // namespace

Tensor1 pool(Ref2 hidden, std::span<const int> mask, Pooling pooling) {
    const Index T = hidden.shape[0], C = hidden.shape[1];
    if (pooling == Pooling::cls) return hidden[0].copy();
    const auto visible = [&](Index t) {
        return mask.empty() || mask[static_cast<std::size_t>(t)] != 0;
    };
    Tensor1 result = zeros<1>({C});
    Index count = 0;
    for (Index t = 0; t < T; ++t) {
        if (!visible(t)) continue;
        for (Index c = 0; c < C; ++c) {
            const Real value = hidden(t, c);
            if (pooling == Pooling::mean) result(c) += value;
            if (pooling == Pooling::max) {
                result(c) = count == 0 ? value : std::max(result(c), value);
            }
        }
        ++count;
    }
    if (pooling == Pooling::mean && count > 0) result /= static_cast<Real>(count);
    return result;
}

SentenceEncoder SentenceEncoder::load(const fs::path& folder) {
    SentenceEncoder result;
    if (fs::exists(folder / "modules.json")) {
        result.read_modules(folder);
    } else {
        result.encoder_ = load_encoder(folder);
        result.poolings_ = {Pooling::mean};
    }
    const Index positions = result.encoder_->info().max_positions;
    if (result.max_length_ == 0) result.max_length_ = positions;
    result.max_length_ = std::min(result.max_length_, positions);
    return result;
}

void SentenceEncoder::read_modules(const fs::path& folder) {
    const fs::path file = folder / "modules.json";
    const nlohmann::json modules = read_json(file, 1U << 20U);
    if (!modules.is_array()) {
        throw FileError(file.string(), "a list of modules", modules.type_name());
    }
    for (std::size_t i = 0; i < modules.size(); ++i) {
        const std::string where = file.string() + ", module " + std::to_string(i);
        const ConfigFile module = ConfigFile::parse(modules[i].dump(), where);
        const std::string type = module.text({"type"});
        const std::string kind = type.substr(type.rfind('.') + 1);
        const fs::path place = inside(folder, module.text({"path"}, ""), where);
        if (kind == "Transformer" && i == 0) {
            encoder_ = load_encoder(place);
            const fs::path settings = place / "sentence_bert_config.json";
            if (fs::exists(settings)) {
                max_length_ =
                    ConfigFile::open(settings).integer({"max_seq_length"}, 1, INT32_MAX, Index{0});
            }
        } else if (kind == "Pooling" && i == 1) {
            poolings_ = read_poolings(place);
        } else if (kind == "Normalize" && i == 2) {
            normalizes_ = true;
        } else {
            throw FileError(where, "Transformer, Pooling and perhaps Normalize, in this order",
                            "\"" + type + "\"");
        }
    }
    if (poolings_.empty()) {
        throw FileError(file.string(), "a Transformer and a Pooling",
                        std::to_string(modules.size()) + " modules");
    }
}

Index SentenceEncoder::width() const {
    return encoder_->info().width * static_cast<Index>(poolings_.size());
}

Tensor2 SentenceEncoder::embed(std::span<const TokenInput> batch, const Parts& parts,
                               const std::stop_token& stop) const {
    const std::vector<Tensor2> hidden = encoder_->forward(batch, parts, stop);
    Tensor2 result = uninitialized<2>({static_cast<Index>(batch.size()), width()});
    Real* to = result.data();
    for (std::size_t b = 0; b < batch.size(); ++b) {
        Real* const begin = to;
        for (const Pooling pooling : poolings_) {
            const Tensor1 part = pool(hidden[b], batch[b].mask, pooling);
            to = std::copy(part.begin(), part.end(), to);
        }
        if (!normalizes_) continue;
        double squares = 0;
        for (const Real* value = begin; value != to; ++value) {
            squares += static_cast<double>(*value) * static_cast<double>(*value);
        }
        const double length = std::max(std::sqrt(squares), 1e-12);  // as torch's normalize does
        for (Real* value = begin; value != to; ++value) {
            *value = static_cast<Real>(static_cast<double>(*value) / length);
        }
    }
    return result;
}

}  // namespace vitrine
