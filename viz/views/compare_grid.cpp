#include <algorithm>
#include <filesystem>
#include <sstream>
#include <tuple>

#include "chapters/runner/part_case.h"
#include "chapters/runner/workspace.h"
#include "tensor/error.h"
#include "viz/app/run_model.h"
#include "viz/views/compare_parts.h"

namespace vitrine::viz {

namespace {

/// Where a name stands in the table: "blocks.3.attn.q" is a step of block 3, others stand outside.
void place(CompareGrid& grid, const CompareCell& cell,
           std::vector<std::tuple<Index, std::size_t, CompareCell>>& inside) {
    const std::string prefix = "blocks.";
    if (!cell.name.starts_with(prefix)) {
        const bool before = cell.name == "embed" || cell.name == "pos_embed";
        (before ? grid.before : grid.behind).push_back(cell);
        return;
    }
    const std::size_t dot = cell.name.find('.', prefix.size());
    const Index layer = std::stoi(cell.name.substr(prefix.size(), dot - prefix.size()));
    const std::string step = cell.name.substr(dot + 1);
    const auto found = std::find(grid.steps.begin(), grid.steps.end(), step);
    inside.emplace_back(layer, static_cast<std::size_t>(found - grid.steps.begin()), cell);
    if (found == grid.steps.end()) grid.steps.push_back(step);
    grid.layers = std::max(grid.layers, layer + 1);
}

}  // namespace

CompareGrid grid_of(const runner::PartsReport& report) {
    CompareGrid grid;
    std::vector<std::tuple<Index, std::size_t, CompareCell>> inside;  // layer, step, cell
    for (const runner::StepReport& each : report.chain) place(grid, {each.name, &each}, inside);
    for (const std::string& name : report.unrecorded) place(grid, {name, nullptr}, inside);
    grid.cells.resize(grid.steps.size() * static_cast<std::size_t>(grid.layers));
    for (const auto& [layer, step, cell] : inside) {
        grid.cells[step * static_cast<std::size_t>(grid.layers) + static_cast<std::size_t>(layer)] =
            cell;
    }
    return grid;
}

std::vector<std::string> started_parts() {
    std::vector<std::string> names;
    try {
        for (const runner::Chapter& chapter : runner::load_chapters()) {
            if (!std::filesystem::exists(runner::exercise_file(chapter))) continue;
            for (const std::string& exercise : chapter.exercises) {
                if (runner::is_part(exercise)) names.push_back(exercise);
            }
        }
    } catch (const Error&) {
        return {};  // the list of chapters says why
    }
    return names;
}

bool is_chosen(const std::string& choice, const std::string& part) {
    if (choice == "mine") return true;
    if (!is_mine(choice)) return false;
    std::istringstream list(choice.substr(choice.find('=') + 1));
    for (std::string name; std::getline(list, name, ',');) {
        if (name == part) return true;
    }
    return false;
}

std::string toggled(const std::string& choice, const std::string& part,
                    const std::vector<std::string>& started) {
    std::string list;
    std::size_t count = 0;
    for (const std::string& each : started) {
        if (is_chosen(choice, each) == (each == part)) continue;
        list += (list.empty() ? "" : ",") + each;
        ++count;
    }
    if (count == 0) return "fast";
    return count == started.size() ? "mine" : "mine=" + list;
}

}  // namespace vitrine::viz
