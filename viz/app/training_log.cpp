#include "viz/app/training_log.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "io/json.h"

namespace vitrine::viz {

namespace {

using nlohmann::json;

constexpr Real none = std::numeric_limits<Real>::quiet_NaN();

/// JSON has no NaN: what is null was not finite.
Real real(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<Real>() : none;
}

Index whole(const json& object, const char* key, Index fallback = 0) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<Index>() : fallback;
}

std::string words(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// "embed" first, then the blocks by their number, then the rest.
std::pair<int, long> place_of(const std::string& group) {
    if (group == "embed") return {0, 0};
    if (group.starts_with("blocks.")) return {1, std::strtol(group.c_str() + 7, nullptr, 10)};
    return {2, 0};
}

void name_groups(std::vector<std::string> names, TrainingLog& log) {
    if (!log.groups.empty() || names.empty()) return;
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
    log.groups = std::move(names);
}

void read_step(const json& event, TrainingLog& log) {
    LoggedStep step;
    step.step = whole(event, "step");
    step.loss = real(event, "loss");
    step.learning_rate = real(event, "learning_rate");
    step.grad_norm = real(event, "grad_norm");
    step.seconds = static_cast<double>(real(event, "seconds"));
    step.tokens_per_second = static_cast<double>(real(event, "tokens_per_second"));
    const json norms = event.value("grad_norms", json::object());
    std::vector<std::string> names;
    for (const auto& entry : norms.items()) names.push_back(entry.key());
    name_groups(names, log);
    for (const std::string& group : log.groups)
        step.grad_norms.push_back(real(norms, group.c_str()));
    log.steps.push_back(std::move(step));
}

LoggedHistogram histogram(const json& group, const char* key) {
    LoggedHistogram result;
    const json value = group.value(key, json::object());
    result.largest = real(value, "largest");
    for (const json& count : value.value("counts", json::array()))
        result.counts.push_back(count.is_number() ? count.get<Index>() : 0);
    return result;
}

void read_detail(const json& event, TrainingLog& log) {
    const json groups = event.value("groups", json::array());
    std::vector<std::string> names;
    for (const json& group : groups) names.push_back(words(group, "name"));
    name_groups(names, log);
    LoggedDetail detail;
    detail.step = whole(event, "step");
    detail.groups.resize(log.groups.size());
    for (const json& group : groups) {
        const auto at = std::find(log.groups.begin(), log.groups.end(), words(group, "name"));
        if (at == log.groups.end()) continue;
        detail.groups[static_cast<std::size_t>(at - log.groups.begin())] = {
            histogram(group, "weights"), histogram(group, "gradients")};
    }
    log.details.push_back(std::move(detail));
}

template <class Entry>
void forget_after(std::vector<Entry>& entries, Index step) {
    entries.erase(std::find_if(entries.begin(), entries.end(),
                               [&](const Entry& each) { return each.step > step; }),
                  entries.end());
}

void read_start(const json& event, TrainingLog& log) {
    log.total_steps = whole(event, "steps");
    log.parameters = whole(event, "parameters");
    log.training_tokens = whole(event, "training_tokens");
    log.ended = false;
    log.not_finite.clear();
    const Index step = whole(event, "step");
    forget_after(log.steps, step);
    forget_after(log.validations, step);
    forget_after(log.details, step);
    forget_after(log.samples, step);
}

void read_event(const json& event, TrainingLog& log) {
    const std::string kind = words(event, "event");
    if (kind == "data") {
        const json training = event.value("training", json::object());
        log.documents = whole(training, "documents");
        log.training_bytes = whole(training, "bytes");
    } else if (kind == "start") {
        read_start(event, log);
    } else if (kind == "step") {
        read_step(event, log);
    } else if (kind == "validation") {
        log.validations.push_back(
            {whole(event, "step"), real(event, "loss"), real(event, "bits_per_byte")});
    } else if (kind == "detail") {
        read_detail(event, log);
    } else if (kind == "sample") {
        log.samples.push_back({whole(event, "step"), words(event, "prompt"), words(event, "text")});
    } else if (kind == "end") {
        log.ended = true;
    } else if (kind == "not finite") {
        log.not_finite = words(event, "tensor");
    }
}

/// Means of what falls on each point.
class Means {
   public:
    void add(Index point, Real value) {
        if (point < 0 || !std::isfinite(value)) return;
        if (static_cast<std::size_t>(point) >= sums_.size()) {
            sums_.resize(static_cast<std::size_t>(point) + 1);
            counts_.resize(sums_.size());
        }
        sums_[static_cast<std::size_t>(point)] += static_cast<double>(value);
        ++counts_[static_cast<std::size_t>(point)];
    }
    std::vector<Real> take() const {
        std::vector<Real> result(sums_.size(), none);
        for (std::size_t i = 0; i < sums_.size(); ++i)
            if (counts_[i] > 0) result[i] = static_cast<Real>(sums_[i] / counts_[i]);
        return result;
    }

   private:
    std::vector<double> sums_;
    std::vector<int> counts_;
};

/// Straight lines between the points that are there.
void join(std::vector<Real>& values) {
    std::size_t before = values.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) continue;
        for (std::size_t k = before + 1; before < i && k < i; ++k) {
            const Real part = static_cast<Real>(k - before) / static_cast<Real>(i - before);
            values[k] = values[before] + part * (values[i] - values[before]);
        }
        before = i;
    }
}

float largest(const std::vector<Real>& values) {
    float most = 0;
    for (const Real value : values)
        if (std::isfinite(value)) most = std::max(most, static_cast<float>(value));
    return most > 0 ? 1.05F * most : 1.0F;
}

}  // namespace

void read_training_log(std::string& text, TrainingLog& log) {
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        if (end == begin) continue;
        try {
            const json event = json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                           text.begin() + static_cast<std::ptrdiff_t>(end));
            if (!event.is_object()) throw json::other_error::create(0, "no object", nullptr);
            read_event(event, log);
        } catch (const json::exception&) {
            ++log.broken_lines;
        }
    }
    text.erase(0, begin);
}

TrainingCurves curves_of(const TrainingLog& log, Index most) {
    TrainingCurves curves;
    if (log.steps.empty()) return curves;
    Index each = log.steps.front().step;  // steps between two lines
    for (std::size_t i = 1; i < log.steps.size() && i < 3; ++i)
        each = std::min(each, log.steps[i].step - log.steps[i - 1].step);
    each = std::max<Index>(each, 1);
    const Index total = std::max(log.total_steps, log.last_step());
    const Index lines = (total + each - 1) / each;
    curves.stride = each * std::max<Index>(1, (lines + most - 1) / most);
    curves.points = (total + curves.stride - 1) / curves.stride;
    Means loss, validation, rate, norm;
    std::vector<Means> norms(log.groups.size());
    for (const LoggedStep& step : log.steps) {
        const Index point = curves.point_of(step.step);
        loss.add(point, step.loss);
        rate.add(point, step.learning_rate);
        norm.add(point, step.grad_norm);
        for (std::size_t g = 0; g < norms.size() && g < step.grad_norms.size(); ++g)
            norms[g].add(point, step.grad_norms[g]);
    }
    for (const LoggedValidation& each_one : log.validations)
        validation.add(curves.point_of(each_one.step), each_one.loss);
    curves.loss = loss.take();
    curves.validation = validation.take();
    join(curves.validation);
    curves.learning_rate = rate.take();
    curves.grad_norm = norm.take();
    for (const Means& group : norms) curves.grad_norms.push_back(group.take());
    curves.loss_high = std::max(largest(curves.loss), largest(curves.validation));
    curves.rate_high = largest(curves.learning_rate);
    curves.norm_high = largest(curves.grad_norm);
    float low = curves.loss_high;
    for (const auto* line : {&curves.loss, &curves.validation})
        for (const Real value : *line)
            if (std::isfinite(value)) low = std::min(low, static_cast<float>(value));
    curves.loss_low = std::floor(2.0F * 0.97F * low) / 2.0F;
    return curves;
}

}  // namespace vitrine::viz
