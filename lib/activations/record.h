// What happens inside a run, by name: a Record keeps named activations and lets hooks read or
// replace them. A null Record costs nothing; parts ask `wants` before they make anything for it.
// One Record belongs to one sequence and one thread.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine {

/// One named tensor of a run. `axes` has a letter of docs/glossary.md for each dimension: "HTS".
struct Activation {
    std::string axes;
    std::vector<Index> shape;
    std::vector<Real> values;  // row-major
};

/// The tensors of one run, by full name: "blocks.3.attn.pattern".
using ActivationCache = std::map<std::string, Activation, std::less<>>;

/// An activation that passes a hook. The hook may write through `values`; what it leaves there is
/// what the model goes on with.
struct Tapped {
    std::string_view name;
    std::string_view axes;
    std::span<const Index> shape;
    std::span<Real> values;  // row-major
};
using Hook = std::function<void(const Tapped&)>;

class Record {
   public:
    /// Keeps the activations whose full name `keep` answers true to.
    explicit Record(std::function<bool(std::string_view name)> keep = {});
    /// A record that keeps everything.
    static Record all();
    /// Keeps the names in the list; "*" stands for any run of characters: "blocks.*.attn.pattern".
    static Record of(std::vector<std::string> patterns);

    /// Calls `hook` with every activation whose full name fits `pattern`, before it is kept.
    void add_hook(std::string pattern, Hook hook);

    /// True if the activation `name` of the present scope is kept or hooked.
    bool wants(std::string_view name) const;
    /// Hands an activation over; afterwards `values` holds what a hook put in its place.
    void take(std::string_view name, std::string_view axes, std::span<const Index> shape,
              std::span<Real> values);

    const ActivationCache& cache() const { return cache_; }
    ActivationCache take_cache() { return std::move(cache_); }
    const std::string& scope() const { return scope_; }

   private:
    friend class Scope;
    std::function<bool(std::string_view)> keep_;
    std::vector<std::pair<std::string, Hook>> hooks_;
    ActivationCache cache_;
    std::string scope_;  // prefix of the names that parts give: "blocks.3.attn."
};

/// While it lives, names are prefixed: Scope in(record, "blocks.3."). Null records are fine.
class Scope {
   public:
    Scope(Record* record, std::string_view prefix);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Record* record_;
    std::size_t length_ = 0;
};

/// True if `name` fits `pattern`, in which "*" stands for any run of characters.
bool name_fits(std::string_view name, std::string_view pattern);

/// Hands `tensor` to the record if it wants it, and takes back what a hook put in its place.
template <std::size_t N>
void tap(Record* record, std::string_view name, Tensor<N>& tensor, std::string_view axes) {
    if (record == nullptr || !record->wants(name)) return;
    const Shape<N> shape = shape_of(tensor);
    record->take(name, axes, shape, std::span<Real>(tensor.data(), tensor.size()));
}

}  // namespace vitrine
