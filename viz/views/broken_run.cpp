#include "viz/views/broken_run.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "nn/multi_head_attention.h"
#include "viz/views/likeliest.h"

namespace vitrine::viz {

namespace {

/// Attention without its softmax: scores are the weights, and what is hidden weighs nothing.
Tensor3 attention_without_softmax(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale,
                                  Record* record) {
    const Index H = q.shape[0], T = q.shape[1], S = k.shape[1], D = q.shape[2];
    const Index group = H / k.shape[0];
    Tensor3 weights = zeros<3>({H, T, S});
    Tensor3 z = zeros<3>({H, T, D});
    for (Index h = 0; h < H; ++h) {
        const Ref2 hidden = bias.head(h);
        for (Index t = 0; t < T; ++t) {
            for (Index s = 0; s < S; ++s) {
                if (!bias.none() && std::isinf(hidden(t, s))) continue;
                Real score = 0;
                for (Index d = 0; d < D; ++d) score += q(h, t, d) * k(h / group, s, d);
                weights(h, t, s) = scale * score;
                for (Index d = 0; d < D; ++d) z(h, t, d) += scale * score * v(h / group, s, d);
            }
        }
    }
    tap(record, "pattern", weights, "HTS");
    tap(record, "z", z, "HTD");
    return z;
}

/// The library's parts with one of them broken.
Parts broken_parts(Fault fault) {
    Parts parts = fast_parts();
    if (fault == Fault::no_scale) {
        parts.attention = [](Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float, Record* record) {
            return fast_parts().attention(q, k, v, bias, 1.0F, record);
        };
    } else if (fault == Fault::no_mask) {
        parts.attention = [](Ref3 q, Ref3 k, Ref3 v, const Bias&, float scale, Record* record) {
            return fast_parts().attention(q, k, v, {}, scale, record);
        };
    } else if (fault == Fault::no_softmax) {
        parts.attention = attention_without_softmax;
    } else {
        return parts;
    }
    // The packed form has a loop of its own; this one calls the part.
    parts.self_attention = self_attention_by_segment;
    return parts;
}

void add_hook(Record& record, const Breakage& breakage) {
    const std::string attention = "blocks." + std::to_string(breakage.layer) + ".attn.";
    if (breakage.fault == Fault::head_off) {
        record.add_hook(attention + "z", [head = breakage.head](const Tapped& tapped) {
            const auto size = static_cast<std::size_t>(tapped.shape[1] * tapped.shape[2]);
            std::ranges::fill(tapped.values.subspan(static_cast<std::size_t>(head) * size, size),
                              Real{0});
        });
    } else if (breakage.fault == Fault::edited_cell) {
        record.add_hook(attention + "pattern", [breakage](const Tapped& tapped) {
            const Index T = tapped.shape[1], S = tapped.shape[2];
            const auto at = static_cast<std::size_t>((breakage.head * T + breakage.query) * S);
            edit_row(tapped.values.subspan(at, static_cast<std::size_t>(S)), breakage.key,
                     breakage.weight, breakage.renormalise);
        });
    }
}

}  // namespace

std::uint64_t Breakage::id(std::uint64_t serial) const {
    std::uint64_t hash = serial * 31 + static_cast<std::uint64_t>(fault);
    const auto mix = [&](std::uint64_t value) {
        hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 29U;
    };
    if (fault == Fault::head_off || fault == Fault::edited_cell) {
        mix(static_cast<std::uint64_t>(layer));
        mix(static_cast<std::uint64_t>(head));
    }
    if (fault == Fault::edited_cell) {
        mix(static_cast<std::uint64_t>(query));
        mix(static_cast<std::uint64_t>(key));
        mix(std::hash<float>()(weight));
        mix(renormalise ? 1 : 2);
    }
    return hash;
}

void edit_row(std::span<Real> row, Index key, float weight, bool renormalise) {
    Real& cell = row[static_cast<std::size_t>(key)];
    Real others = -cell;
    for (const Real each : row) others += each;
    const Real factor = others > 0 ? (1 - weight) / others : 0;
    if (renormalise) {
        for (Real& each : row) each *= factor;
    }
    cell = weight;
}

std::shared_ptr<const BrokenRun> run_broken(const Run& run, const Breakage& breakage,
                                            const std::stop_token& stop) {
    Record record;
    add_hook(record, breakage);
    const Sequence sequence{run.encoding.ids, nullptr, &record};
    const Tensor2 logits =
        run.model->language()
            ->forward({&sequence, 1}, Logits::last, broken_parts(breakage.fault), stop)
            .front();
    const std::size_t V = logits.size();
    const auto before = softmax({run.logits.data() + run.logits.size() - V, V});
    const auto after = softmax({logits.data(), V});
    auto result = std::make_shared<BrokenRun>();
    result->serial = run.serial;
    for (std::size_t i = 0; i < V; ++i) result->moved += 0.5 * std::abs(before[i] - after[i]);
    std::set<int> ids;
    for (const auto& shares : {before, after}) {
        for (const int id : largest_first<double>(shares, 6)) ids.insert(id);
    }
    for (const int id : ids) {
        const auto i = static_cast<std::size_t>(id);
        result->tokens.push_back({id, before[i], after[i]});
    }
    std::stable_sort(result->tokens.begin(), result->tokens.end(),
                     [](const NextToken& a, const NextToken& b) {
                         return std::max(a.before, a.after) > std::max(b.before, b.after);
                     });
    return result;
}

}  // namespace vitrine::viz
