#include "cli/learner_parts.h"

#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <iostream>
#include <mutex>
#include <new>

#include "chapters/runner/limits.h"
#include "chapters/runner/part_case.h"
#include "nn/block.h"
#include "nn/gpt.h"
#include "nn/multi_head_attention.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::cli {

using namespace vitrine::runner;

namespace {

constexpr std::size_t memory = std::size_t{3} << 30U;

// The arguments whose shapes a message shows.
std::string shown(Ref2 x) {
    return " " + shape_text(x.shape);
}
std::string shown(Ref3 x) {
    return " " + shape_text(x.shape);
}
std::string shown(std::span<const int> ids) {
    return " " + std::to_string(ids.size()) + " ids";
}
template <class Other>
std::string shown(const Other&) {
    return {};
}

}  // namespace

Status::Status(const char* path) : file_(::open(path, O_WRONLY | O_CLOEXEC)) {}

void Status::enter(const std::string& part) {
    at_work_.push_back(std::to_string(++calls_) + " " + part);
    say(at_work_.back());
}

void Status::leave() {
    at_work_.pop_back();
    say(at_work_.empty() ? "-" : at_work_.back());
}

void Status::say(std::string text) const {
    text.resize(200, ' ');
    if (::pwrite(file_, text.data(), text.size(), 0) < 0) std::cerr << "vitrine: no status file\n";
}

/// What all the functions of a learner share.
struct Shared {
    Shared(const char* status_file, LearnerOptions its_options)
        : status(status_file), options(std::move(its_options)) {}

    Status status;
    LearnerOptions options;
    std::map<std::string, bool> is_written;
    std::vector<Comparison> comparisons;
    std::once_flag limited;

    /// Only when the first part runs is the model loaded, so that its size does not count.
    void limit() {
        std::call_once(limited, [] { limit_memory(memory); });
    }
    void compare(const std::string& part, const std::string& where, const Values& expected,
                 const Values& got, const PartCase& call);
};

namespace {

/// While it lives, the status names the part.
class Running {
   public:
    Running(Status& status, const std::string& part) : status_(status) { status_.enter(part); }
    ~Running() { status_.leave(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    Status& status_;
};

}  // namespace

void Shared::compare(const std::string& part, const std::string& where, const Values& expected,
                     const Values& got, const PartCase& call) {
    Comparison result{part, where, {}, 0.0, {}};
    double scale = 1;
    if (got.shape != expected.shape) {
        result.difference = "a result of shape " + shape_text(expected.shape) +
                            " was expected, one of shape " + shape_text(got.shape) + " came";
    } else {
        for (std::size_t i = 0; i < got.values.size(); ++i) {
            scale = std::max(scale, std::abs(expected.values[i]));
            if (got.values[i] == expected.values[i]) continue;
            const double difference = std::abs(got.values[i] - expected.values[i]);
            result.largest =
                std::isnan(difference) ? INFINITY : std::max(result.largest, difference);
        }
        // Sums of a few thousand float32 numbers in another order.
        if (!(result.largest <= 1e-4 * scale)) result.difference = "other values";
    }
    const bool is_first = std::none_of(comparisons.begin(), comparisons.end(), [&](const auto& c) {
        return c.part == part && !c.difference.empty();
    });
    if (!result.difference.empty() && is_first && !options.cases.empty()) {
        std::filesystem::create_directories(options.cases);
        result.case_file = (options.cases / (part + ".safetensors")).string();
        call.write(result.case_file, expected);
    }
    comparisons.push_back(std::move(result));
}

namespace {

/// A learner's function in the place of a library's.
template <class Result, class... Arguments>
class LearnerFunction {
   public:
    using Function = std::function<Result(Arguments...)>;
    /// The shape that the result of a call must have.
    using Shape = std::function<std::vector<Index>(Arguments...)>;
    /// Names the arguments of a call, for a saved case.
    using Describe = std::function<PartCase(Arguments...)>;

    LearnerFunction(Shared& owner, std::string name, Function mine, Function library, Shape shape,
                    Describe describe)
        : owner_(owner),
          name_(std::move(name)),
          mine_(std::move(mine)),
          library_(std::move(library)),
          shape_(std::move(shape)),
          describe_(std::move(describe)) {}

    Result operator()(Arguments... arguments) const {
        owner_.limit();
        bool& written = owner_.is_written[name_];
        if (!written) return library_(arguments...);
        const std::string call = name_ + " with" + (shown(arguments) + ...);
        if (owner_.options.alone) return compared(call, written, arguments...);
        Result result = guarded(call, written, arguments...);
        if (!written) return library_(arguments...);
        const Values values(result);
        check_shape("the result of your " + call, values.shape, shape_(arguments...));
        return result;
    }

   private:
    Result compared(const std::string& call, bool& written, Arguments... arguments) const {
        const std::string where = scope(arguments...);
        Result expected = library_(arguments...);
        const Result got = without_effects(call, written, arguments...);
        if (written) {
            owner_.compare(name_, where, Values(expected), Values(got), describe_(arguments...));
        }
        return expected;
    }
    /// The learner's function with neither record nor cache, and the library's parts under it.
    Result without_effects(const std::string& call, bool& written, Arguments... arguments) const {
        return guarded(call, written, plain(arguments)...);
    }
    template <class T>
    static const T& plain(const T& argument) {
        return argument;
    }
    static State& plain(State& state) { return state; }  // a comparison runs without one
    static Record* plain(Record* /*record*/) { return nullptr; }
    static KeyValues* plain(KeyValues* /*past*/) { return nullptr; }
    static const Parts& plain(const Parts& /*parts*/) { return fast_parts(); }

    static std::string scope(const Arguments&... arguments) {
        std::string result;
        const auto look = [&](const auto& argument) {
            if constexpr (std::is_same_v<std::decay_t<decltype(argument)>, Record*>) {
                if (argument != nullptr) result = argument->scope();
            }
        };
        (look(arguments), ...);
        return result;
    }

    Result guarded(const std::string& call, bool& written, Arguments... arguments) const {
        const Running running(owner_.status, call);
        try {
            return mine_(arguments...);
        } catch (const Todo& todo) {
            if (todo.what() != name_) throw;  // of a function it calls
            written = false;
            std::cerr << "vitrine: " << name_
                      << " is not written yet; the library's part stands in\n";
            return {};
        } catch (const std::bad_alloc&) {
            throw Error("your " + call, "less than 3 GiB of memory", "more");
        } catch (const std::exception& problem) {
            if (is_ours(problem)) throw;
            throw Error("your " + call, "a result", std::string("an exception: ") + problem.what());
        } catch (...) {
            throw Error("your " + call, "a result", "an exception of an unknown type");
        }
    }
    /// An error of a part that this one called has been named already.
    static bool is_ours(const std::exception& problem) {
        return std::string(problem.what()).starts_with("your ");
    }

    Shared& owner_;
    std::string name_;
    Function mine_, library_;
    Shape shape_;
    Describe describe_;
};

}  // namespace

struct LearnerParts::Impl : Shared {
    using Shared::Shared;

    /// Puts a learner's function, if there is one, in the place of the library's.
    template <class Result, class... Arguments>
    void take(std::function<Result(Arguments...)>& part, const std::string& exercise,
              const std::map<std::string, std::filesystem::path>& objects,
              typename LearnerFunction<Result, Arguments...>::Shape shape,
              typename LearnerFunction<Result, Arguments...>::Describe describe) {
        const auto found = objects.find(exercise);
        if (found == objects.end()) return;
        is_written[exercise] = true;
        part = LearnerFunction<Result, Arguments...>(
            *this, exercise, Functions(found->second).get<Result(Arguments...)>(exercise), part,
            std::move(shape), std::move(describe));
    }
};

namespace {

template <std::size_t N>
std::vector<Index> as_list(const Shape<N>& shape) {
    return {shape.begin(), shape.end()};
}

/// [rows of x, features out of the last map].
std::vector<Index> like(Ref2 x, const Linear& last) {
    return {x.shape[0], last.out_features()};
}

}  // namespace

LearnerParts::LearnerParts(const std::map<std::string, std::filesystem::path>& objects,
                           const char* status_file, LearnerOptions options)
    : impl_(std::make_unique<Impl>(status_file, std::move(options))), parts_(fast_parts()) {
    using Attention = const AttentionWeights&;
    using Feed = const FeedForwardWeights&;
    using Ids = std::span<const int>;
    impl_->take(
        parts_.embed, "embed", objects,
        [](Ids ids, const Matrix& table) {
            return std::vector<Index>{static_cast<Index>(ids.size()), table.columns};
        },
        [](Ids ids, const Matrix& table) {
            return PartCase("embed").with("ids", ids).with("table", table);
        });
    impl_->take(
        parts_.rotate, "rotate", objects,
        [](Ref3 x, const Rotary&, Index) { return as_list(x.shape); },
        [](Ref3 x, const Rotary& rotary, Index start) {
            return PartCase("rotate")
                .with("x", x)
                .with("rotary", rotary)
                .with("start", static_cast<double>(start));
        });
    impl_->take(
        parts_.attention, "attention", objects,
        [](Ref3 q, Ref3, Ref3, const Bias&, float, Record*) { return as_list(q.shape); },
        [](Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record*) {
            return PartCase("attention")
                .with("q", q)
                .with("k", k)
                .with("v", v)
                .with("mask", bias)
                .with("scale", static_cast<double>(scale));
        });
    impl_->take(
        parts_.multi_head_attention, "multi_head_attention", objects,
        [](const Parts&, Ref2 x, Ref2, const Bias&, Attention weights, KeyValues*, Record*) {
            return like(x, weights.out);
        },
        [](const Parts&, Ref2 x, Ref2 source, const Bias& bias, Attention weights, KeyValues*,
           Record*) {
            return PartCase("multi_head_attention")
                .with("x", x)
                .with("source", source)
                .with("mask", bias)
                .with("weights", weights);
        });
    for (const auto& [norm, name] :
         {std::pair{&parts_.layer_norm, "layer_norm"}, std::pair{&parts_.rms_norm, "rms_norm"}}) {
        impl_->take(
            *norm, name, objects, [](Ref2 x, const NormWeights&) { return as_list(x.shape); },
            [name = name](Ref2 x, const NormWeights& weights) {
                return PartCase(name).with("x", x).with("weights", weights);
            });
    }
    for (const auto& [feed, name] :
         {std::pair{&parts_.feed_forward, "feed_forward"}, std::pair{&parts_.swiglu, "swiglu"}}) {
        impl_->take(
            *feed, name, objects,
            [](const Parts&, Ref2 x, Feed weights, Record*) { return like(x, weights.out); },
            [name = name](const Parts&, Ref2 x, Feed weights, Record*) {
                return PartCase(name).with("x", x).with("weights", weights);
            });
    }
    // The learner's gelu is one of the activations.
    std::function<Tensor2(Ref2)> gelu = [](Ref2 x) {
        return fast_parts().activation(x, Activate::gelu_tanh);
    };
    impl_->take(
        gelu, "gelu", objects, [](Ref2 x) { return as_list(x.shape); },
        [](Ref2 x) { return PartCase("gelu").with("x", x); });
    if (objects.count("gelu") != 0) {
        parts_.activation = [gelu](Ref2 x, Activate kind) {
            return kind == Activate::gelu_tanh ? gelu(x) : fast_parts().activation(x, kind);
        };
    }
    impl_->take(
        parts_.encoder_block, "encoder_block", objects,
        [](const Parts&, Ref2 x, const Bias&, const BlockWeights&, KeyValues*, Record*) {
            return as_list(x.shape);
        },
        [](const Parts&, Ref2 x, const Bias& bias, const BlockWeights& weights, KeyValues*,
           Record*) {
            return PartCase("encoder_block")
                .with("x", x)
                .with("mask", bias)
                .with("weights", weights);
        });
    impl_->take(
        parts_.unembed, "unembed", objects,
        [](Ref2 x, const Matrix& table) {
            return std::vector<Index>{x.shape[0], table.rows};
        },
        [](Ref2 x, const Matrix& table) {
            return PartCase("unembed").with("x", x).with("table", table);
        });
    if (objects.count("forward") != 0) parts_.forward = fast::forward;
    impl_->take(
        parts_.forward, "forward", objects,
        [](const Parts&, Ids ids, const DecoderWeights& weights, Record*) {
            return std::vector<Index>{static_cast<Index>(ids.size()), weights.unembed.rows};
        },
        [](const Parts&, Ids ids, const DecoderWeights& weights, Record*) {
            return PartCase("forward").with("ids", ids).with("weights", weights);
        });
    if (objects.count("step_with_cache") != 0) parts_.step_with_cache = fast::step_with_cache;
    impl_->take(
        parts_.step_with_cache, "step_with_cache", objects,
        [](const Parts&, int, const DecoderWeights& weights, State&) {
            return std::vector<Index>{weights.unembed.rows};
        },
        [](const Parts&, int id, const DecoderWeights& weights, State&) {
            const std::vector<int> ids{id};
            return PartCase("step_with_cache").with("ids", ids).with("weights", weights);
        });
    if (objects.count("multi_head_attention") != 0)
        parts_.self_attention = self_attention_by_segment;
    if (objects.count("encoder_block") != 0) parts_.block = block_by_segment;
}

LearnerParts::~LearnerParts() = default;

std::vector<std::string> LearnerParts::written() const {
    std::vector<std::string> names;
    for (const auto& [name, is_written] : impl_->is_written) {
        if (is_written) names.push_back(name);
    }
    return names;
}

const std::vector<Comparison>& LearnerParts::comparisons() const {
    return impl_->comparisons;
}

}  // namespace vitrine::cli
