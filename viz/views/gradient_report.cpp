#include "viz/views/gradient_report.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "chapters/runner/places.h"
#include "chapters/runner/process.h"
#include "io/safetensors.h"
#include "tensor/error.h"
#include "viz/app/child_folder.h"

namespace vitrine::viz {

bool GradientReport::equal() const {
    return std::all_of(rows.begin(), rows.end(),
                       [this](const GradientRow& row) { return row.errors.at(0) < bound; });
}

std::vector<std::string> GradientReport::wrong() const {
    std::vector<std::string> names;
    for (std::size_t c = 1; c < columns.size(); ++c) {
        const bool differs = std::any_of(rows.begin(), rows.end(), [&](const GradientRow& row) {
            return !(row.errors.at(c) < bound);
        });
        if (differs) names.push_back(columns[c]);
    }
    return names;
}

GradientReport read_gradients(const std::filesystem::path& folder) {
    const nlohmann::json report = read_json(folder / "gradients.json", 1U << 20U);
    const TensorFile tensors = TensorFile::open(folder / "gradients.safetensors");
    GradientReport result;
    result.columns = report.at("columns").get<std::vector<std::string>>();
    result.bound = report.at("bound").get<double>();
    for (const auto& each : report.at("parameters")) {
        GradientRow row;
        row.name = each.at("name").get<std::string>();
        row.shape = each.at("shape").get<std::array<Index, 2>>();
        row.length = each.at("length").get<double>();
        row.slope = each.at("slope").get<double>();
        for (const auto& error : each.at("errors")) {
            row.errors.push_back(error.is_number() ? error.get<double>()
                                                   : std::numeric_limits<double>::infinity());
        }
        row.reference = tensors.at("reference." + row.name).floats();
        row.mine = tensors.at("together." + row.name).floats();
        result.rows.push_back(std::move(row));
    }
    return result;
}

GradientReport run_gradients(const std::string& parts, const std::stop_token& stop) {
    const ChildFolder folder;
    const runner::Finished finished =
        runner::run_process({runner::places().program.string(), "gradients", "--parts", parts,
                             "--report", folder.path().string()},
                            {}, [&] { return !stop.stop_requested(); });
    if (stop.stop_requested()) throw Stopped();
    if (finished.exit_status == 0) return read_gradients(folder.path());
    GradientReport report;
    report.problem = last_words(finished.output);
    return report;
}

double entry_error(const GradientRow& row, std::size_t entry) {
    const double mine = static_cast<double>(row.mine[entry]);
    const double reference = static_cast<double>(row.reference[entry]);
    const double typical = row.length / std::sqrt(static_cast<double>(row.reference.size()));
    const double size = std::max({std::abs(mine), std::abs(reference), typical});
    const double error = std::abs(mine - reference) / size;
    return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

}  // namespace vitrine::viz
