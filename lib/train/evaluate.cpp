#include <algorithm>
#include <cmath>
#include <numbers>

#include "train/run.h"

namespace vitrine::train {

namespace {

/// A batch of windows, filled up with tokens that do not count.
class Windows {
   public:
    explicit Windows(Index T) { batch_.T = T; }

    /// The ids [begin, begin + T) of a document and what comes after each.
    void add(std::span<const std::int32_t> document, std::size_t begin) {
        const auto T = static_cast<std::size_t>(batch_.T);
        const std::size_t count = std::min(T, document.size() - 1 - begin);
        const auto ids = document.subspan(begin, count + 1);
        const std::size_t old = batch_.ids.size();
        batch_.ids.resize(old + T, ids[0]);
        batch_.targets.resize(old + T, -1);
        std::copy_n(ids.begin(), count, batch_.ids.begin() + static_cast<Index>(old));
        std::copy_n(ids.begin() + 1, count, batch_.targets.begin() + static_cast<Index>(old));
    }
    const Batch& batch() const { return batch_; }
    void clear() {
        batch_.ids.clear();
        batch_.targets.clear();
    }

   private:
    Batch batch_;
};

}  // namespace

Evaluation evaluate(Trainer& trainer, const TokenFile& file, Index rows) {
    const Index T = trainer.positions();
    Windows windows(T);
    Loss total;
    const auto flush = [&] {
        if (windows.batch().ids.empty()) return;
        const Loss loss = trainer.loss(windows.batch());
        total.sum += loss.sum;
        total.count += loss.count;
        windows.clear();
    };
    for (Index i = 0; i < file.documents(); ++i) {
        const auto document = file.document(i);
        for (std::size_t begin = 0; begin + 1 < document.size();
             begin += static_cast<std::size_t>(T)) {
            windows.add(document, begin);
            if (windows.batch().rows() == rows) flush();
        }
    }
    flush();
    const auto bytes = static_cast<double>(file.bytes());
    return {total.mean(), bytes == 0 ? 0.0 : total.sum / std::numbers::ln2 / bytes};
}

}  // namespace vitrine::train
