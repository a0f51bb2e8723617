#include "chapters/runner/part_case.h"

#include <cmath>
#include <functional>
#include <set>

#include "chapters/runner/case_tools.h"
#include "tensor/error.h"

namespace vitrine::runner {

PartCase& PartCase::with(const std::string& name, std::span<const int> ids) {
    const std::vector<std::int64_t> wide(ids.begin(), ids.end());
    tensors_[name] = to_write(wide, {static_cast<Index>(wide.size())});
    return *this;
}

PartCase& PartCase::with(const std::string& name, double number) {
    const std::vector<float> one{static_cast<float>(number)};
    tensors_[name] = to_write(one, {1});
    return *this;
}

PartCase& PartCase::with(const std::string& name, const Matrix& matrix) {
    return with(name, matrix.values());
}

PartCase& PartCase::with(const std::string& name, const Linear& linear) {
    if (linear.out_features() == 0) return *this;
    if (linear.has_bias()) with(name + ".bias", linear.bias());
    return with(name + ".weight", linear.weight());
}

PartCase& PartCase::with(const std::string& name, const Bias& bias) {
    if (bias.none()) return *this;
    if (bias.heads() == 0) return with(name, bias.head(0));
    const Ref2 first = bias.head(0);
    Tensor3 all = uninitialized<3>({bias.heads(), first.shape[0], first.shape[1]});
    for (Index h = 0; h < bias.heads(); ++h) xt::view(all, h) = bias.head(h).xt();
    return with(name, all);
}

PartCase& PartCase::with(const std::string& name, const Rotary& rotary) {
    if (rotary.none()) return *this;
    return with(name + ".frequencies", rotary.frequencies)
        .with(name + ".interleaved", rotary.interleaved ? 1 : 0);
}

PartCase& PartCase::with(const std::string& name, const NormWeights& weights) {
    if (weights.gain.size() == 0) return *this;
    if (weights.bias.size() != 0) with(name + ".bias", weights.bias);
    return with(name + ".gain", weights.gain)
        .with(name + ".epsilon", weights.epsilon)
        .with(name + ".rms", weights.kind == Norm::rms ? 1 : 0);
}

PartCase& PartCase::with(const std::string& name, const AttentionWeights& weights) {
    if (weights.q.out_features() == 0) return *this;
    return with(name + ".q", weights.q)
        .with(name + ".k", weights.k)
        .with(name + ".v", weights.v)
        .with(name + ".out", weights.out)
        .with(name + ".heads", static_cast<double>(weights.heads))
        .with(name + ".kv_heads", static_cast<double>(weights.kv_heads))
        .with(name + ".scale", weights.scale)
        .with(name + ".rotary", weights.rotary);
}

PartCase& PartCase::with(const std::string& name, const FeedForwardWeights& weights) {
    return with(name + ".in", weights.in)
        .with(name + ".out", weights.out)
        .with(name + ".gate", weights.gate)
        .with(name + ".activation", static_cast<double>(weights.activation));
}

PartCase& PartCase::with(const std::string& name, const BlockWeights& weights) {
    return with(name + ".ln_1", weights.ln_1)
        .with(name + ".attn", weights.attn)
        .with(name + ".ln_2", weights.ln_2)
        .with(name + ".mlp", weights.mlp)
        .with(name + ".post_norm", weights.post_norm ? 1 : 0)
        .with(name + ".ln_cross", weights.ln_cross)
        .with(name + ".cross", weights.cross);
}

PartCase& PartCase::with(const std::string& name, const DecoderWeights& weights) {
    for (std::size_t l = 0; l < weights.blocks.size(); ++l)
        with(name + ".blocks." + std::to_string(l), weights.blocks[l]);
    return with(name + ".layers", static_cast<double>(weights.blocks.size()))
        .with(name + ".wte", weights.wte)
        .with(name + ".wpe", weights.wpe)
        .with(name + ".ln_f", weights.ln_f)
        .with(name + ".unembed", weights.unembed);
}

void PartCase::write(const std::filesystem::path& file, const Values& expected) const {
    auto tensors = tensors_;
    const std::vector<float> values(expected.values.begin(), expected.values.end());
    tensors["output"] = to_write(values, expected.shape);
    write_safetensors(file, tensors, {{"exercise", exercise_}});
}

namespace {

/// Reads what PartCase wrote.
class Arguments {
   public:
    explicit Arguments(const TensorFile& file) : file_(file) {}

    template <std::size_t N>
    Tensor<N> tensor(const std::string& name) const {
        return tensor_of<N>(file_.at(name));
    }
    double number(const std::string& name, double fallback) const {
        return file_.contains(name) ? static_cast<double>(file_.at(name).floats().at(0)) : fallback;
    }
    std::vector<int> ids(const std::string& name) const {
        const auto wide = file_.at(name).integers();
        return {wide.begin(), wide.end()};
    }
    Linear linear(const std::string& name) const {
        if (!file_.contains(name + ".weight")) return {};
        const bool has_bias = file_.contains(name + ".bias");
        return Linear(Matrix(tensor<2>(name + ".weight")),
                      has_bias ? tensor<1>(name + ".bias") : Tensor1());
    }
    Rotary rotary(const std::string& name) const {
        if (!file_.contains(name + ".frequencies")) return {};
        return {tensor<1>(name + ".frequencies"), number(name + ".interleaved", 0) != 0};
    }
    NormWeights norm(const std::string& name) const {
        if (!file_.contains(name + ".gain")) return {};
        const bool has_bias = file_.contains(name + ".bias");
        return {tensor<1>(name + ".gain"), has_bias ? tensor<1>(name + ".bias") : Tensor1(),
                static_cast<float>(number(name + ".epsilon", 1e-5)),
                number(name + ".rms", 0) != 0 ? Norm::rms : Norm::layer};
    }
    AttentionWeights attention(const std::string& name) const {
        AttentionWeights weights{linear(name + ".q"), linear(name + ".k"), linear(name + ".v"),
                                 linear(name + ".out")};
        weights.heads = static_cast<Index>(number(name + ".heads", 1));
        weights.kv_heads = static_cast<Index>(number(name + ".kv_heads", 1));
        weights.scale = static_cast<float>(number(name + ".scale", 1));
        weights.rotary = rotary(name + ".rotary");
        return weights;
    }
    FeedForwardWeights feed_forward(const std::string& name) const {
        const int kind = static_cast<int>(number(name + ".activation", 0));
        return {linear(name + ".in"), linear(name + ".out"), static_cast<Activate>(kind),
                linear(name + ".gate")};
    }
    BlockWeights block(const std::string& name) const {
        BlockWeights weights;
        weights.ln_1 = norm(name + ".ln_1");
        weights.attn = attention(name + ".attn");
        weights.ln_2 = norm(name + ".ln_2");
        weights.mlp = feed_forward(name + ".mlp");
        weights.post_norm = number(name + ".post_norm", 0) != 0;
        weights.ln_cross = norm(name + ".ln_cross");
        weights.cross = attention(name + ".cross");
        return weights;
    }
    DecoderWeights decoder(const std::string& name) const {
        DecoderWeights weights;
        weights.wte = Matrix(tensor<2>(name + ".wte"));
        weights.wpe = Matrix(tensor<2>(name + ".wpe"));
        const int layers = static_cast<int>(number(name + ".layers", 0));
        for (int l = 0; l < layers; ++l)
            weights.blocks.push_back(block(name + ".blocks." + std::to_string(l)));
        weights.ln_f = norm(name + ".ln_f");
        weights.unembed = Matrix(tensor<2>(name + ".unembed"));
        return weights;
    }

    /// Calls use(bias) with the bias of that name, or none.
    template <class Use>
    auto with_bias(const std::string& name, Use use) const {
        if (!file_.contains(name)) return use(Bias());
        if (file_.at(name).shape.size() == 3) {
            const Tensor3 each = tensor<3>(name);
            return use(Bias(each));
        }
        const Tensor2 shared = tensor<2>(name);
        return use(Bias(shared));
    }

   private:
    TensorFile file_;
};

using Run = std::function<Values(const Functions&, const Arguments&)>;

Values run_embed(const Functions& f, const Arguments& a) {
    const std::vector<int> ids = a.ids("ids");
    return Values(f.get<Tensor2(std::span<const int>, const Matrix&)>("embed")(
        ids, Matrix(a.tensor<2>("table"))));
}
Values run_unembed(const Functions& f, const Arguments& a) {
    return Values(f.get<Tensor2(Ref2, const Matrix&)>("unembed")(a.tensor<2>("x"),
                                                                 Matrix(a.tensor<2>("table"))));
}
Values run_rotate(const Functions& f, const Arguments& a) {
    return Values(f.get<Tensor3(Ref3, const Rotary&, Index)>("rotate")(
        a.tensor<3>("x"), a.rotary("rotary"), static_cast<Index>(a.number("start", 0))));
}
Values run_attention(const Functions& f, const Arguments& a) {
    const Tensor3 q = a.tensor<3>("q"), k = a.tensor<3>("k"), v = a.tensor<3>("v");
    const double usual = 1.0 / std::sqrt(static_cast<double>(q.shape()[2]));
    return a.with_bias("mask", [&](const Bias& bias) {
        return Values(f.get<Tensor3(Ref3, Ref3, Ref3, const Bias&, float, Record*)>("attention")(
            q, k, v, bias, static_cast<float>(a.number("scale", usual)), nullptr));
    });
}
Values run_multi_head(const Functions& f, const Arguments& a) {
    const Tensor2 x = a.tensor<2>("x"), source = a.tensor<2>("source");
    return a.with_bias("mask", [&](const Bias& bias) {
        return Values(f.get<Tensor2(const Parts&, Ref2, Ref2, const Bias&, const AttentionWeights&,
                                    KeyValues*, Record*)>("multi_head_attention")(
            fast_parts(), x, source, bias, a.attention("weights"), nullptr, nullptr));
    });
}
Values run_norm(const char* name, const Functions& f, const Arguments& a) {
    return Values(
        f.get<Tensor2(Ref2, const NormWeights&)>(name)(a.tensor<2>("x"), a.norm("weights")));
}
Values run_gelu(const Functions& f, const Arguments& a) {
    return Values(f.get<Tensor2(Ref2)>("gelu")(a.tensor<2>("x")));
}
Values run_feed(const char* name, const Functions& f, const Arguments& a) {
    return Values(f.get<Tensor2(const Parts&, Ref2, const FeedForwardWeights&, Record*)>(name)(
        fast_parts(), a.tensor<2>("x"), a.feed_forward("weights"), nullptr));
}
Values run_encoder_block(const Functions& f, const Arguments& a) {
    const Tensor2 x = a.tensor<2>("x");
    return a.with_bias("mask", [&](const Bias& bias) {
        return Values(f.get<Tensor2(const Parts&, Ref2, const Bias&, const BlockWeights&,
                                    KeyValues*, Record*)>("encoder_block")(
            fast_parts(), x, bias, a.block("weights"), nullptr, nullptr));
    });
}

Values run_forward(const Functions& f, const Arguments& a) {
    const std::vector<int> ids = a.ids("ids");
    return Values(
        f.get<Tensor2(const Parts&, std::span<const int>, const DecoderWeights&, Record*)>(
            "forward")(fast_parts(), ids, a.decoder("weights"), nullptr));
}
Values run_step(const Functions& f, const Arguments& a) {
    const DecoderWeights weights = a.decoder("weights");
    State state;
    for (const BlockWeights& block : weights.blocks) {
        const Index K = block.attn.kv_heads;
        state.layers.emplace_back(K, block.attn.k.out_features() / K);
    }
    return Values(f.get<Tensor1(const Parts&, int, const DecoderWeights&, State&)>(
        "step_with_cache")(fast_parts(), a.ids("ids").at(0), weights, state));
}

const std::map<std::string, Run>& runs() {
    static const std::map<std::string, Run> all{
        {"embed", run_embed},
        {"unembed", run_unembed},
        {"rotate", run_rotate},
        {"attention", run_attention},
        {"multi_head_attention", run_multi_head},
        {"layer_norm", std::bind_front(run_norm, "layer_norm")},
        {"rms_norm", std::bind_front(run_norm, "rms_norm")},
        {"gelu", run_gelu},
        {"feed_forward", std::bind_front(run_feed, "feed_forward")},
        {"swiglu", std::bind_front(run_feed, "swiglu")},
        {"encoder_block", run_encoder_block},
        {"forward", run_forward},
        {"step_with_cache", run_step},
    };
    return all;
}

}  // namespace

bool is_part(const std::string& exercise) {
    return runs().count(exercise) != 0;
}

bool is_training_part(const std::string& exercise) {
    static const std::set<std::string> names{
        "next_token_targets", "cross_entropy",       "cross_entropy_backward",
        "linear_backward",    "layer_norm_backward", "attention_backward",
        "adamw_step",         "learning_rate",       "train_step"};
    return names.count(exercise) != 0;
}

Case read_part_case(const std::string& exercise, const TensorFile& file) {
    const auto found = runs().find(exercise);
    if (found == runs().end()) {
        throw FileError(file.path().string(), "a case of an exercise that is a part of a model",
                        exercise);
    }
    const Run& run = found->second;
    Values expected(file.at("output"));
    double largest = 1;
    for (const double value : expected.values) largest = std::max(largest, std::abs(value));
    return {exercise, "saved",
            [run, file](const Functions& functions) { return run(functions, Arguments(file)); },
            std::move(expected), 1e-4 * largest};
}

}  // namespace vitrine::runner
