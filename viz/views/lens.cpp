#include "viz/views/lens.h"

#include <algorithm>

#include "models/decoder.h"
#include "models/logit_lens.h"
#include "tensor/error.h"
#include "viz/views/likeliest.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t kept = 3;  // tokens a cell

LensCell cell_of(std::span<const Real> logits) {
    const std::vector<double> shares = softmax(logits);
    LensCell cell;
    for (const int id : largest_first(logits, kept))
        cell.push_back({id, static_cast<float>(shares[static_cast<std::size_t>(id)])});
    return cell;
}

}  // namespace

std::shared_ptr<const Lens> look_through_lens(const Run& run, Index last, Index count,
                                              const std::stop_token& stop) {
    const auto* model = run.model->decoder();
    const Index L = run.model->info().layers, V = run.model->info().vocabulary;
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
            lens->cells.push_back(cell_of({logits.data() + t * V, static_cast<std::size_t>(V)}));
    }
    return lens;
}

}  // namespace vitrine::viz
