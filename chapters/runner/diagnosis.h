// Which known mistake a learner made: the one whose results equal theirs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chapters/runner/case.h"
#include "chapters/runner/manifest.h"

namespace vitrine::runner {

/// One case: did the learner pass it, and which variants give what the learner's function gave?
struct CaseFit {
    bool passed = false;
    std::vector<std::string> variants;
};

/// The one variant that gives the learner's results in every case, passed ones included. Empty if
/// none does, if several do, or if nothing failed.
std::string only_mistake(const std::vector<std::string>& variants,
                         const std::vector<CaseFit>& fits);

/// The functions of a variant, or of "solution", from the shared object that the build made.
/// @throws FileError
Functions variant(const Chapter& chapter, const std::string& name);

/// The known wrong versions of a chapter's functions, by name.
using Variants = std::map<std::string, Functions>;
/// @throws FileError
Variants load_variants(const Chapter& chapter);

/// What a result of one case tells. A variant that has no result for these inputs does not fit.
CaseFit fit_of(const Chapter& chapter, const Variants& variants, const Case& test,
               const Values& got);

}  // namespace vitrine::runner
