#include "activations/record.h"

#include <algorithm>

namespace vitrine {

bool name_fits(std::string_view name, std::string_view pattern) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return name == pattern;
    if (name.substr(0, star) != pattern.substr(0, star)) return false;
    const std::string_view rest = pattern.substr(star + 1);
    for (std::size_t i = star; i <= name.size(); ++i) {
        if (name_fits(name.substr(i), rest)) return true;
    }
    return false;
}

Record::Record(std::function<bool(std::string_view)> keep) : keep_(std::move(keep)) {}

Record Record::all() {
    return Record([](std::string_view) { return true; });
}

Record Record::of(std::vector<std::string> patterns) {
    return Record([patterns = std::move(patterns)](std::string_view name) {
        return std::any_of(patterns.begin(), patterns.end(),
                           [&](const std::string& p) { return name_fits(name, p); });
    });
}

void Record::add_hook(std::string pattern, Hook hook) {
    hooks_.emplace_back(std::move(pattern), std::move(hook));
}

bool Record::wants(std::string_view name) const {
    const std::string full = scope_ + std::string(name);
    return (keep_ && keep_(full)) || std::any_of(hooks_.begin(), hooks_.end(), [&](const auto& h) {
               return name_fits(full, h.first);
           });
}

void Record::take(std::string_view name, std::string_view axes, std::span<const Index> shape,
                  std::span<Real> values) {
    const std::string full = scope_ + std::string(name);
    for (const auto& [pattern, hook] : hooks_) {
        if (name_fits(full, pattern)) hook(Tapped{full, axes, shape, values});
    }
    if (keep_ && keep_(full)) {
        cache_[full] = Activation{
            std::string(axes), {shape.begin(), shape.end()}, {values.begin(), values.end()}};
    }
}

Scope::Scope(Record* record, std::string_view prefix) : record_(record) {
    if (record_ == nullptr) return;
    length_ = record_->scope_.size();
    record_->scope_ += prefix;
}

Scope::~Scope() {
    if (record_ != nullptr) record_->scope_.resize(length_);
}

}  // namespace vitrine
