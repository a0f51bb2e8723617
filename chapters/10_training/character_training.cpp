#include "character_training.h"

#include <cmath>

namespace vitrine::chapters {

using train::TrainingParts;

CharacterTraining::CharacterTraining(CharacterText text, Index steps, std::uint64_t seed)
    : text_(std::move(text)),
      model_(text_.vocabulary(), seed),
      schedule_{0.01, std::min<Index>(50, steps / 10), steps, 0.1},
      random_(seed + 1) {}

double CharacterTraining::step(const Parts& parts, const TrainingParts& training) {
    const auto add_gradients = [&] {
        return model_.add_gradients(parts, training, random_windows(text_, B, random_));
    };
    return training.train_step(training, model_.state, add_gradients, schedule_, {});
}

std::string CharacterTraining::sample(const Parts& parts) const {
    const bool has_lines = text_.characters.find('\n') != std::string::npos;
    const std::string start = has_lines ? "\n" : text_.characters.substr(0, 1);
    return model_.write(parts, text_, start, 160, 0.8F, 1);
}

const std::vector<std::string>& gradient_parts() {
    static const std::vector<std::string> names{"next_token_targets", "cross_entropy_backward",
                                                "linear_backward", "layer_norm_backward",
                                                "attention_backward"};
    return names;
}

namespace {

/// The reference with one part of another table in its place.
TrainingParts with_one(TrainingParts reference, const TrainingParts& other,
                       const std::string& name) {
    if (name == "next_token_targets") reference.next_token_targets = other.next_token_targets;
    if (name == "cross_entropy_backward")
        reference.cross_entropy_backward = other.cross_entropy_backward;
    if (name == "linear_backward") reference.linear_backward = other.linear_backward;
    if (name == "layer_norm_backward") reference.layer_norm_backward = other.layer_norm_backward;
    if (name == "attention_backward") reference.attention_backward = other.attention_backward;
    return reference;
}

double length(const Real* numbers, Index count) {
    double squares = 0;
    for (Index i = 0; i < count; ++i)
        squares += static_cast<double>(numbers[i]) * static_cast<double>(numbers[i]);
    return std::sqrt(squares);
}

/// (loss(p + h g) - loss(p - h g)) / 2h along the unit vector g of the parameter's gradient.
double measured_slope(CharacterModel model, const CharacterModel::Parameter& parameter,
                      const std::vector<Real>& reference, const Parts& parts,
                      const TrainingParts& training, std::span<const int> ids) {
    const Real* gradient = reference.data() + parameter.begin;
    const double far = 0.01, norm = length(gradient, parameter.size());
    Real* values = model.state.values.data() + parameter.begin;
    const auto move = [&](double by) {
        for (Index i = 0; i < parameter.size(); ++i)
            values[i] += static_cast<Real>(by / norm * static_cast<double>(gradient[i]));
    };
    move(far);
    const double above = model.loss(parts, training, ids);
    move(-2 * far);
    return (above - model.loss(parts, training, ids)) / (2 * far);
}

}  // namespace

GradientCheck check_gradients(const Parts& parts, const TrainingParts& training,
                              const TrainingParts& reference, const std::vector<std::string>& names,
                              const CharacterText& text) {
    CharacterTraining run(text, 50, 1);
    for (int step = 0; step < 50; ++step) run.step(parts, reference);
    Random random(3);
    const std::vector<int> ids = random_windows(text, 4, random);
    const auto gradients = [&](const TrainingParts& table) {
        CharacterModel& model = run.model();
        model.state.grads.assign(model.state.grads.size(), 0);
        model.add_gradients(parts, table, ids);
        return model.state.grads;
    };
    GradientCheck check{run.model().parameters(), gradients(reference), {}, {}, {}};
    for (const CharacterModel::Parameter& each : check.parameters) {
        check.lengths.push_back(length(check.reference.data() + each.begin, each.size()));
        check.slopes.push_back(
            measured_slope(run.model(), each, check.reference, parts, reference, ids));
    }
    const auto add_column = [&](const std::string& name, const TrainingParts& table) {
        GradientCheck::Column column{name, gradients(table), {}};
        std::vector<Real> apart = column.grads;
        for (std::size_t i = 0; i < apart.size(); ++i) apart[i] -= check.reference[i];
        for (std::size_t p = 0; p < check.parameters.size(); ++p) {
            const CharacterModel::Parameter& each = check.parameters[p];
            column.errors.push_back(length(apart.data() + each.begin, each.size()) /
                                    check.lengths[p]);
        }
        check.columns.push_back(std::move(column));
    };
    TrainingParts all = reference;
    for (const std::string& name : names) all = with_one(all, training, name);
    add_column("together", all);
    for (const std::string& name : names) add_column(name, with_one(reference, training, name));
    return check;
}

}  // namespace vitrine::chapters
