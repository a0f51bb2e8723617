#include <algorithm>

#include "nn/parts.h"
#include "tensor/shape.h"

namespace vitrine {

KeyValues::KeyValues(Index kv_heads, Index head_width) : K_(kv_heads), D_(head_width) {}

void KeyValues::reserve(Index positions) {
    if (positions <= capacity_) return;
    const Index larger = std::max<Index>(positions, 2 * capacity_);
    const auto grown = [&](const std::vector<Real>& numbers) {
        std::vector<Real> moved(static_cast<std::size_t>(K_ * larger * D_));
        for (Index h = 0; h < K_; ++h) {
            std::copy_n(numbers.data() + h * capacity_ * D_, length_ * D_,
                        moved.data() + h * larger * D_);
        }
        return moved;
    };
    // Both are made before either is put in place: without memory, nothing has changed.
    std::vector<Real> keys = grown(keys_);
    std::vector<Real> values = grown(values_);
    keys_.swap(keys);
    values_.swap(values);
    capacity_ = larger;
}

void KeyValues::append(Ref3 k, Ref3 v) {
    const Index T = k.shape[1];
    check_shape("k", k, {K_, T, D_});
    check_shape("v", v, {K_, T, D_});
    reserve(length_ + T);
    for (Index h = 0; h < K_; ++h) {
        for (Index t = 0; t < T; ++t) {
            const Index to = (h * capacity_ + length_ + t) * D_;
            for (Index d = 0; d < D_; ++d) {
                keys_[static_cast<std::size_t>(to + d)] = k(h, t, d);
                values_[static_cast<std::size_t>(to + d)] = v(h, t, d);
            }
        }
    }
    length_ += T;
}

void KeyValues::truncate(Index length) {
    length_ = std::min(length_, std::max<Index>(0, length));
    if (length_ == 0) memory.reset();
}

Ref3 KeyValues::keys() const {
    return Ref3(keys_.data(), {K_, length_, D_}, {capacity_ * D_, D_, 1});
}
Ref3 KeyValues::values() const {
    return Ref3(values_.data(), {K_, length_, D_}, {capacity_ * D_, D_, 1});
}

}  // namespace vitrine
