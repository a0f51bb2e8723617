#include "chapters/runner/diagnosis.h"

#include <algorithm>

#include "chapters/runner/places.h"

namespace vitrine::runner {

std::string only_mistake(const std::vector<std::string>& variants,
                         const std::vector<CaseFit>& fits) {
    const bool all_passed =
        std::all_of(fits.begin(), fits.end(), [](const CaseFit& fit) { return fit.passed; });
    if (all_passed) return {};
    std::vector<std::string> fitting;
    for (const std::string& name : variants) {
        const bool everywhere = std::all_of(fits.begin(), fits.end(), [&](const CaseFit& fit) {
            return std::find(fit.variants.begin(), fit.variants.end(), name) != fit.variants.end();
        });
        if (everywhere) fitting.push_back(name);
    }
    return fitting.size() == 1 ? fitting.front() : "";
}

Functions variant(const Chapter& chapter, const std::string& name) {
    return Functions(places().variants / (chapter.id + ".so"), "variant_" + name);
}

Variants load_variants(const Chapter& chapter) {
    Variants variants;
    for (const auto& [name, mistake] : chapter.mistakes)
        variants.emplace(name, variant(chapter, name));
    return variants;
}

CaseFit fit_of(const Chapter& chapter, const Variants& variants, const Case& test,
               const Values& got) {
    CaseFit fit{near(got, test.expected, test.bound), {}};
    for (const auto& [name, functions] : variants) {
        if (chapter.mistakes.at(name).exercise != test.exercise) continue;
        try {
            if (near(test.run(functions), got, test.bound)) fit.variants.push_back(name);
        } catch (const std::exception&) {
            // no result for these inputs
        }
    }
    return fit;
}

}  // namespace vitrine::runner
