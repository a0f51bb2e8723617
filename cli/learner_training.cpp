#include "cli/learner_training.h"

#include <algorithm>
#include <iostream>
#include <mutex>
#include <new>

#include "chapters/runner/case.h"
#include "chapters/runner/limits.h"
#include "cli/learner_parts.h"
#include "nn/parts.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::cli {

using namespace train;

namespace {

constexpr std::size_t memory = std::size_t{3} << 30U;

template <std::size_t N>
std::string shown(const Ref<N>& x) {
    return " " + shape_text(x.shape);
}
template <class Other>
std::string shown(const Other&) {
    return {};
}

// What a result must look like.
template <std::size_t N>
void like(const char* name, const Tensor<N>& result, const Ref<N>& what) {
    check_shape(name, result, what.shape);
}
void look(const LinearGradients& got, Ref2 dy, Ref2 x, Ref2 w) {
    like("dx", got.dx, x);
    like("dw", got.dw, w);
    check_shape("db", got.db, {dy.shape[1]});
}
void look(const NormGradients& got, Ref2, Ref2 x, const NormWeights&) {
    like("dx", got.dx, x);
    check_shape("dgain", got.dgain, {x.shape[1]});
    check_shape("dbias", got.dbias, {x.shape[1]});
}
void look(const AttentionGradients& got, Ref3, Ref3 q, Ref3 k, Ref3 v, Ref3, float) {
    like("dq", got.dq, q);
    like("dk", got.dk, k);
    like("dv", got.dv, v);
}
void look(const Tensor2& got, Ref2 logits, std::span<const int>) {
    like("dlogits", got, logits);
}
void look(const std::vector<int>& got, std::span<const int> ids) {
    if (got.size() != ids.size()) {
        throw ShapeError("targets", shape_text(std::vector<Index>{Index(ids.size())}),
                         shape_text(std::vector<Index>{Index(got.size())}));
    }
}
template <class... Anything>
void look(const Anything&...) {}

}  // namespace

struct LearnerTraining::Shared {
    explicit Shared(const char* status_file) : status(status_file) {}

    Status status;
    std::map<std::string, bool> is_written;
    std::once_flag limited;

    /// Runs a call with the learner's name on it; what goes wrong becomes a sentence.
    template <class Call>
    auto guarded(const std::string& call, Call run) {
        const struct Running {
            Status& status;
            ~Running() { status.leave(); }
        } running{(status.enter(call), status)};
        try {
            return run();
        } catch (const Todo&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw Error("your " + call, "less than 3 GiB of memory", "more");
        } catch (const std::exception& problem) {
            if (std::string(problem.what()).starts_with("your ")) throw;
            throw Error("your " + call, "a result", std::string("an exception: ") + problem.what());
        } catch (...) {
            throw Error("your " + call, "a result", "an exception of an unknown type");
        }
    }

    /// Puts a learner's function, if there is one, in the place of the library's.
    template <class Result, class... Arguments>
    void take(std::function<Result(Arguments...)>& part, const std::string& name,
              const std::map<std::string, std::filesystem::path>& objects) {
        const auto found = objects.find(name);
        if (found == objects.end()) return;
        is_written[name] = true;
        auto* mine = runner::Functions(found->second).get<Result(Arguments...)>(name);
        part = [this, name, mine, library = part](Arguments... arguments) -> Result {
            std::call_once(limited, [] { runner::limit_memory(memory); });
            if (!is_written[name]) return library(arguments...);
            const std::string call = name + (shown(arguments) + ...);
            try {
                return guarded(call, [&]() -> Result {
                    if constexpr (std::is_void_v<Result>) {
                        mine(arguments...);
                    } else {
                        Result result = mine(arguments...);
                        look(result, arguments...);
                        return result;
                    }
                });
            } catch (const Todo& todo) {
                if (todo.what() != name) throw;  // of a function it calls
                is_written[name] = false;
                std::cerr << "vitrine: " << name
                          << " is not written yet; the library's part stands in\n";
                return library(arguments...);
            }
        };
    }
};

LearnerTraining::LearnerTraining(const std::map<std::string, std::filesystem::path>& objects,
                                 const char* status_file)
    : shared_(std::make_unique<Shared>(status_file)), parts_(fast_training_parts()) {
    shared_->take(parts_.next_token_targets, "next_token_targets", objects);
    shared_->take(parts_.cross_entropy, "cross_entropy", objects);
    shared_->take(parts_.cross_entropy_backward, "cross_entropy_backward", objects);
    shared_->take(parts_.linear_backward, "linear_backward", objects);
    shared_->take(parts_.layer_norm_backward, "layer_norm_backward", objects);
    shared_->take(parts_.attention_backward, "attention_backward", objects);
    shared_->take(parts_.adamw_step, "adamw_step", objects);
    shared_->take(parts_.learning_rate, "learning_rate", objects);
    shared_->take(parts_.train_step, "train_step", objects);
}

LearnerTraining::~LearnerTraining() = default;

std::vector<std::string> LearnerTraining::written() const {
    std::vector<std::string> names;
    for (const auto& [name, is_written] : shared_->is_written) {
        if (is_written) names.push_back(name);
    }
    return names;
}

}  // namespace vitrine::cli
