#include "character_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "chapters/09_gpt/gpt.h"
#include "kernels/matmul.h"
#include "nn/heads.h"
#include "tensor/error.h"
#include "train/backward.h"

namespace vitrine::chapters {

using train::AttentionGradients;
using train::LinearGradients;
using train::NormGradients;
using train::TrainingParts;

namespace {

const float scale = 1 / std::sqrt(static_cast<float>(CharacterModel::D));

std::string in_block(Index l, const char* name) {
    return "blocks." + std::to_string(l) + "." + name;
}

/// Where each row of a batch begins and ends.
struct Window {
    Index begin, end;
};
std::vector<Window> windows(Index N) {
    std::vector<Window> result;
    for (Index begin = 0; begin < N; begin += CharacterModel::T)
        result.push_back({begin, std::min(N, begin + CharacterModel::T)});
    return result;
}

/// The heads of one window: rows [begin, end) of x [N, C] as [H, T, D].
Ref3 heads_of(const Tensor2& x, const Window& window) {
    return split_heads(rows(Ref2(x), window.begin, window.end), CharacterModel::H);
}

Real* row_of(Tensor2& x, Index n) {
    return x.data() + n * static_cast<Index>(x.shape()[1]);
}

}  // namespace

CharacterText read_characters(const std::string& text) {
    if (static_cast<Index>(text.size()) < 2 * CharacterModel::T) {
        throw TextError("the text", std::to_string(2 * CharacterModel::T) + " characters or more",
                        std::to_string(text.size()));
    }
    const std::set<char> distinct(text.begin(), text.end());
    CharacterText result{{distinct.begin(), distinct.end()}, {}};
    for (const char each : text)
        result.ids.push_back(static_cast<int>(result.characters.find(each)));
    return result;
}

std::vector<int> random_windows(const CharacterText& text, Index B, Random& random) {
    const auto T = static_cast<std::size_t>(CharacterModel::T);
    std::vector<int> ids;
    for (Index b = 0; b < B; ++b) {
        const auto begin = text.ids.begin() + static_cast<Index>(random.below(text.ids.size() - T));
        ids.insert(ids.end(), begin, begin + CharacterModel::T);
    }
    return ids;
}

CharacterModel::CharacterModel(Index vocabulary, std::uint64_t seed) : vocabulary_(vocabulary) {
    Random random(seed);
    const auto take = [&](const std::string& name, Index rows, Index columns, double deviation,
                          Real start = 0) {
        parameters_.push_back({name, {rows, columns}, static_cast<Index>(state.values.size())});
        for (Index i = 0; i < rows * columns; ++i)
            state.values.push_back(start + static_cast<Real>(deviation * random.normal()));
    };
    const double wide = 0.1, back = wide / std::sqrt(2.0 * L);
    take("wte", vocabulary, C, wide);
    take("wpe", T, C, wide);
    for (Index l = 0; l < L; ++l) {
        take(in_block(l, "ln_1.gain"), 1, C, 0, 1);
        take(in_block(l, "ln_1.bias"), 1, C, 0);
        for (const char* name : {"attn.q", "attn.k", "attn.v"}) take(in_block(l, name), C, C, wide);
        take(in_block(l, "attn.out"), C, C, back);
        take(in_block(l, "ln_2.gain"), 1, C, 0, 1);
        take(in_block(l, "ln_2.bias"), 1, C, 0);
        take(in_block(l, "mlp.in"), C, F, wide);
        take(in_block(l, "mlp.in_bias"), 1, F, 0);
        take(in_block(l, "mlp.out"), F, C, back);
        take(in_block(l, "mlp.out_bias"), 1, C, 0);
    }
    take("ln_f.gain", 1, C, 0, 1);
    take("ln_f.bias", 1, C, 0);
    for (auto* each : {&state.grads, &state.mean, &state.square}) each->resize(state.values.size());
}

const CharacterModel::Parameter& CharacterModel::parameter(const std::string& name) const {
    return *std::find_if(parameters_.begin(), parameters_.end(),
                         [&](const Parameter& each) { return each.name == name; });
}

Ref2 CharacterModel::matrix(const std::string& name) const {
    const Parameter& each = parameter(name);
    return {state.values.data() + each.begin, each.shape};
}

NormWeights CharacterModel::norm(const std::string& name) const {
    return {matrix(name + ".gain")[0].copy(), matrix(name + ".bias")[0].copy()};
}

void CharacterModel::add(const std::string& name, const Real* gradient) {
    const Parameter& each = parameter(name);
    Real* to = state.grads.data() + each.begin;
    for (Index i = 0; i < each.size(); ++i) to[i] += gradient[i];
}

/// What the backward pass reads. N = B T.
struct CharacterModel::Memory {
    struct Block {
        Tensor2 x, normed_1, q, k, v, z;      // [N, C]
        std::vector<Tensor3> patterns;        // of each window: [H, T, T]
        Tensor2 middle, normed_2, pre, post;  // [N, C], [N, C], [N, F], [N, F]
    };
    std::vector<Block> blocks;
    Tensor2 x, normed, logits;  // [N, C], [N, C], [N, V]
};

CharacterModel::Memory CharacterModel::forward(const Parts& parts, std::span<const int> ids) const {
    const auto N = static_cast<Index>(ids.size());
    Memory memory;
    Tensor2 x = uninitialized<2>({N, C});
    const Ref2 wte = matrix("wte"), wpe = matrix("wpe");
    for (Index n = 0; n < N; ++n) {
        for (Index c = 0; c < C; ++c)
            x(n, c) = wte(ids[static_cast<std::size_t>(n)], c) + wpe(n % T, c);
    }
    for (Index l = 0; l < L; ++l) {
        Memory::Block b;
        b.x = x;
        b.normed_1 = parts.layer_norm(b.x, norm(in_block(l, "ln_1")));
        b.q = matmul(b.normed_1, matrix(in_block(l, "attn.q")));
        b.k = matmul(b.normed_1, matrix(in_block(l, "attn.k")));
        b.v = matmul(b.normed_1, matrix(in_block(l, "attn.v")));
        b.z = uninitialized<2>({N, C});
        for (const Window& window : windows(N)) {
            const Index length = window.end - window.begin;
            Tensor3 pattern;
            Record record;
            record.add_hook("pattern", [&](const Tapped& tapped) {
                pattern = uninitialized<3>({H, length, length});
                std::copy(tapped.values.begin(), tapped.values.end(), pattern.begin());
            });
            const Tensor3 z =
                parts.attention(heads_of(b.q, window), heads_of(b.k, window), heads_of(b.v, window),
                                causal_bias(length, length), scale, &record);
            join_heads(z, row_of(b.z, window.begin));
            b.patterns.push_back(std::move(pattern));
        }
        b.middle = b.x + matmul(b.z, matrix(in_block(l, "attn.out")));
        b.normed_2 = parts.layer_norm(b.middle, norm(in_block(l, "ln_2")));
        b.pre = matmul(b.normed_2, matrix(in_block(l, "mlp.in"))) +
                matrix(in_block(l, "mlp.in_bias")).xt();
        b.post = parts.activation(b.pre, Activate::gelu_tanh);
        x = b.middle + matmul(b.post, matrix(in_block(l, "mlp.out"))) +
            matrix(in_block(l, "mlp.out_bias")).xt();
        memory.blocks.push_back(std::move(b));
    }
    memory.x = std::move(x);
    memory.normed = parts.layer_norm(memory.x, norm("ln_f"));
    memory.logits = matmul(memory.normed, transpose_last(wte));
    return memory;
}

Tensor2 CharacterModel::logits(const Parts& parts, std::span<const int> ids) const {
    return forward(parts, ids).logits;
}

namespace {

/// The targets of each row.
std::vector<int> targets_of(const TrainingParts& training, std::span<const int> ids) {
    std::vector<int> targets;
    for (const Window& window : windows(static_cast<Index>(ids.size()))) {
        const auto row = training.next_token_targets(
            ids.subspan(static_cast<std::size_t>(window.begin),
                        static_cast<std::size_t>(window.end - window.begin)));
        targets.insert(targets.end(), row.begin(), row.end());
    }
    return targets;
}

}  // namespace

double CharacterModel::loss(const Parts& parts, const TrainingParts& training,
                            std::span<const int> ids) const {
    return training.cross_entropy(logits(parts, ids), targets_of(training, ids));
}

double CharacterModel::add_gradients(const Parts& parts, const TrainingParts& training,
                                     std::span<const int> ids) {
    const auto N = static_cast<Index>(ids.size());
    const Memory memory = forward(parts, ids);
    const std::vector<int> targets = targets_of(training, ids);
    const double loss = training.cross_entropy(memory.logits, targets);

    // Through x W + b: adds the gradients of W and b, gives that of x.
    const auto linear = [&](Ref2 dy, Ref2 x, const std::string& weight, const std::string& bias) {
        LinearGradients gradients = training.linear_backward(dy, x, matrix(weight));
        add(weight, gradients.dw.data());
        if (!bias.empty()) add(bias, gradients.db.data());
        return std::move(gradients.dx);
    };
    const auto through_norm = [&](Ref2 dy, Ref2 x, const std::string& name) {
        NormGradients gradients = training.layer_norm_backward(dy, x, norm(name));
        add(name + ".gain", gradients.dgain.data());
        add(name + ".bias", gradients.dbias.data());
        return std::move(gradients.dx);
    };

    // [marker:top]
    const Tensor2 dlogits = training.cross_entropy_backward(memory.logits, targets);  // [N, V]
    const LinearGradients unembed =
        training.linear_backward(dlogits, memory.normed, transpose_last(matrix("wte")));
    const Tensor2 of_table = xt::transpose(unembed.dw);  // [V, C]
    add("wte", of_table.data());
    Tensor2 dx = through_norm(unembed.dx, memory.x, "ln_f");  // [N, C]
    // [/marker]
    for (Index l = L; l-- > 0;) {
        const Memory::Block& b = memory.blocks[static_cast<std::size_t>(l)];
        // [marker:block]
        Tensor2 dpost = linear(dx, b.post, in_block(l, "mlp.out"), in_block(l, "mlp.out_bias"));
        train::activation_backward({dpost.data(), dpost.size()}, {b.pre.data(), b.pre.size()},
                                   Activate::gelu_tanh, dpost.data());  // [N, F]
        const Tensor2 dmlp =
            linear(dpost, b.normed_2, in_block(l, "mlp.in"), in_block(l, "mlp.in_bias"));
        dx += through_norm(dmlp, b.middle, in_block(l, "ln_2"));  // + : the stream itself
        // [/marker]
        const Tensor2 dz = linear(dx, b.z, in_block(l, "attn.out"), "");
        Tensor2 dq = uninitialized<2>({N, C}), dk = dq, dv = dq;
        const std::vector<Window> all = windows(N);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const AttentionGradients back = training.attention_backward(
                heads_of(dz, all[i]), heads_of(b.q, all[i]), heads_of(b.k, all[i]),
                heads_of(b.v, all[i]), b.patterns[i], scale);
            join_heads(back.dq, row_of(dq, all[i].begin));
            join_heads(back.dk, row_of(dk, all[i].begin));
            join_heads(back.dv, row_of(dv, all[i].begin));
        }
        const Tensor2 dattn = linear(dq, b.normed_1, in_block(l, "attn.q"), "") +
                              linear(dk, b.normed_1, in_block(l, "attn.k"), "") +
                              linear(dv, b.normed_1, in_block(l, "attn.v"), "");
        dx += through_norm(dattn, b.x, in_block(l, "ln_1"));
    }
    train::embed_backward(dx, ids, state.grads.data() + parameter("wte").begin);
    std::vector<int> positions(ids.size());
    for (std::size_t n = 0; n < ids.size(); ++n) positions[n] = static_cast<int>(n) % int(T);
    train::embed_backward(dx, positions, state.grads.data() + parameter("wpe").begin);
    return loss;
}

std::string CharacterModel::write(const Parts& parts, const CharacterText& text,
                                  const std::string& prompt, Index count, float temperature,
                                  std::uint64_t seed) const {
    Random random(seed);
    std::vector<int> ids;
    for (const char each : prompt) {
        const std::size_t id = text.characters.find(each);
        if (id == std::string::npos)
            throw TextError("the prompt", "characters of the text", std::string(1, each));
        ids.push_back(static_cast<int>(id));
    }
    std::string written;
    for (Index i = 0; i < count; ++i) {
        const std::size_t begin = ids.size() - std::min(ids.size(), static_cast<std::size_t>(T));
        const Tensor2 all = logits(parts, std::span(ids).subspan(begin));
        const Tensor1 shares = probabilities(Ref2(all)[all.shape()[0] - 1], temperature);
        double left = random.uniform();
        std::size_t next = 0;
        while (next + 1 < shares.size() && (left -= static_cast<double>(shares(next))) >= 0) ++next;
        ids.push_back(static_cast<int>(next));
        written += text.characters[next];
    }
    return written;
}

}  // namespace vitrine::chapters
