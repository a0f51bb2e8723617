#include "viz/views/lens.h"

#include <algorithm>
#include <cmath>

#include "models/decoder.h"
#include "models/logit_lens.h"
#include "tensor/error.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t kept = 3;  // tokens a cell

LensCell likeliest(const Real* logits, Index V) {
    std::vector<int> order(static_cast<std::size_t>(V));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    const auto count = std::min(kept, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](int a, int b) { return logits[a] > logits[b]; });
    const auto largest = static_cast<double>(logits[order.front()]);
    double sum = 0;
    for (Index i = 0; i < V; ++i) sum += std::exp(static_cast<double>(logits[i]) - largest);
    LensCell cell;
    for (std::size_t i = 0; i < count; ++i) {
        const double share = std::exp(static_cast<double>(logits[order[i]]) - largest) / sum;
        cell.push_back({order[i], static_cast<float>(share)});
    }
    return cell;
}

}  // namespace

std::shared_ptr<const Lens> look_through_lens(const Run& run, Index last, Index count,
                                              const std::stop_token& stop) {
    const auto* model = dynamic_cast<const Decoder*>(run.model->model.get());
    const Index L = run.model->model->info().layers, V = run.model->model->info().vocabulary;
    if (model == nullptr || run.at(0, "resid_pre") == nullptr) return nullptr;
    auto lens = std::make_shared<Lens>();
    lens->serial = run.serial;
    lens->first = std::max<Index>(0, last + 1 - count);
    lens->positions = last + 1 - lens->first;
    lens->places = L + 1;
    for (Index place = 0; place <= L; ++place) {
        if (stop.stop_requested()) throw Stopped();
        const Activation* stream =
            place == 0 ? run.at(0, "resid_pre") : run.at(place - 1, "resid_post");
        if (stream == nullptr) return nullptr;
        const Index C = stream->shape[1];
        const Tensor2 logits = logit_lens(
            model->weights(), Ref2(stream->values.data() + lens->first * C, {lens->positions, C}));
        for (Index t = 0; t < lens->positions; ++t)
            lens->cells.push_back(likeliest(logits.data() + t * V, V));
    }
    return lens;
}

}  // namespace vitrine::viz
