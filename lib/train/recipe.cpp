#include "train/recipe.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tensor/error.h"

namespace vitrine::train {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Reads the values of an object; a key that nobody asked for is an error at the end.
class Fields {
   public:
    Fields(const json& object, std::string where) : object_(object), where_(std::move(where)) {
        if (!object.is_object()) throw FileError(where_, "an object", object.type_name());
    }

    template <class Number>
    void number(const char* key, Number& to, double low, double high) {
        const json* value = find(key);
        if (value == nullptr) return;
        constexpr bool whole = std::is_integral_v<Number>;
        const bool fits = whole ? value->is_number_integer() : value->is_number();
        if (!fits || value->template get<double>() < low || value->template get<double>() > high) {
            const auto text = [&](double bound) {  // clang 14 captures `whole`
                return whole ? json(static_cast<Index>(bound)).dump() : json(bound).dump();
            };
            throw FileError(where_ + "." + key,
                            std::string(whole ? "a whole number" : "a number") + " from " +
                                text(low) + " to " + text(high),
                            value->dump());
        }
        to = value->template get<Number>();
    }
    void text(const char* key, std::string& to) {
        const json* value = find(key);
        if (value == nullptr) return;
        if (!value->is_string()) throw FileError(where_ + "." + key, "a text", value->dump());
        to = value->get<std::string>();
    }
    void path(const char* key, fs::path& to, const fs::path& folder) {
        std::string name;
        text(key, name);
        if (!name.empty()) to = fs::path(name).is_absolute() ? fs::path(name) : folder / name;
    }
    void flag(const char* key, bool& to) {
        const json* value = find(key);
        if (value == nullptr) return;
        if (!value->is_boolean())
            throw FileError(where_ + "." + key, "true or false", value->dump());
        to = value->get<bool>();
    }
    /// Calls each(element, its name) for the elements of a list.
    template <class Each>
    void list(const char* key, Each each) {
        const json* value = find(key);
        if (value == nullptr) return;
        if (!value->is_array()) throw FileError(where_ + "." + key, "a list", value->type_name());
        for (std::size_t i = 0; i < value->size(); ++i)
            each((*value)[i], where_ + "." + key + "[" + std::to_string(i) + "]");
    }
    /// The fields of an object inside; without one, none.
    Fields inside(const char* key) {
        static const json empty = json::object();
        const json* value = find(key);
        return {value == nullptr ? empty : *value, where_ + "." + key};
    }
    void end() const {
        for (const auto& item : object_.items()) {
            if (!asked_.contains(item.key())) {
                std::string known;
                for (const std::string& key : asked_) known += (known.empty() ? "" : ", ") + key;
                throw FileError(where_, "the keys " + known, "\"" + item.key() + "\"");
            }
        }
    }
    const std::string& where() const { return where_; }

   private:
    const json* find(const char* key) {
        asked_.insert(key);
        const auto found = object_.find(key);
        return found == object_.end() || found->is_null() ? nullptr : &*found;
    }

    const json& object_;
    std::string where_;
    std::set<std::string> asked_;
};

constexpr double most = 1e12;

DocumentSource parse_source(const json& value, const fs::path& folder, const std::string& where) {
    DocumentSource source;
    Fields fields(value, where);
    fields.path("path", source.path, folder);
    if (source.path.empty()) throw FileError(where, "a \"path\"", "none");
    fields.text("unit", source.unit);
    fields.text("form", source.form);
    fields.flag("unwrap", source.unwrap);
    fields.number("join", source.join, 1, most);
    fields.text("separator", source.separator);
    fields.number("repeat", source.repeat, 1, 1000);
    fields.number("limit", source.limit, 0, most);
    fields.end();
    return source;
}

Phase parse_phase(const json& value, const std::string& where) {
    Phase phase;
    Fields fields(value, where);
    fields.number("steps", phase.steps, 1, most);
    fields.number("rows", phase.rows, 1, most);
    fields.number("length", phase.length, 1, most);
    fields.flag("any_start", phase.any_start);
    fields.number("copies", phase.copies, 0, 1);
    const Index half = phase.length / 2;
    fields.number("shortest_span", phase.shortest_span, 0, static_cast<double>(half));
    fields.number("longest_span", phase.longest_span, static_cast<double>(phase.shortest_span),
                  static_cast<double>(half));
    fields.end();
    return phase;
}

void parse_data(Fields fields, const fs::path& folder, const fs::path& texts, DataOptions& data) {
    fields.list("sources", [&](const json& value, const std::string& where) {
        data.sources.push_back(parse_source(value, texts, where));
    });
    fields.path("held_out", data.held_out, folder);
    fields.number("validation_share", data.validation_share, 0, 0.9);
    fields.number("seed", data.seed, 0, most);
    fields.flag("skip_invalid", data.skip_invalid);
    fields.end();
}

void parse_model(Fields fields, Recipe& recipe) {
    GPT2Sizes& model = recipe.model;
    std::string family = "gpt2";
    fields.text("family", family);
    if (family != "gpt2") {
        throw FileError(fields.where() + ".family", "gpt2", "\"" + family + "\"");
    }
    fields.number("layers", model.layers, 1, 1000);
    fields.number("width", model.width, 1, 1e6);
    fields.number("heads", model.heads, 1, 1e4);
    model.ff_width = 4 * model.width;
    fields.number("ff_width", model.ff_width, 1, 1e7);
    fields.number("positions", model.positions, 1, 1e7);
    fields.number("initializer_range", model.initializer_range, 0, 10);
    fields.number("sinusoid_base", recipe.sinusoid_base, 0, 1e9);
    fields.number("sinusoid_amplitude", recipe.sinusoid_amplitude, 0, 100);
    fields.end();
}

void parse_optimizer(Fields fields, Recipe& recipe) {
    std::string name = "adamw";
    fields.text("name", name);
    if (name != "adamw" && name != "muon")
        throw FileError(fields.where() + ".name", "adamw or muon", "\"" + name + "\"");
    recipe.muon = name == "muon";
    fields.number("learning_rate", recipe.learning_rate, 0, 100);
    fields.number("warm_up", recipe.warm_up, 0, most);
    fields.number("final_share", recipe.final_share, 0, 1);
    fields.number("beta1", recipe.optimizer.beta1, 0, 0.999999);
    fields.number("beta2", recipe.optimizer.beta2, 0, 0.999999);
    fields.number("epsilon", recipe.optimizer.epsilon, 0, 1);
    fields.number("weight_decay", recipe.optimizer.weight_decay, 0, 10);
    fields.number("clip", recipe.clip, 0, most);
    fields.end();
}

DType parse_dtype(const std::string& name, const std::string& where) {
    for (const DType dtype : {DType::float32, DType::float16, DType::bfloat16})
        if (dtype_name(dtype) == name) return dtype;
    throw FileError(where + ".dtype", "float32, float16 or bfloat16", "\"" + name + "\"");
}

}  // namespace

Index Recipe::steps() const {
    Index sum = 0;
    for (const Phase& phase : phases) sum += phase.steps;
    return sum;
}

bool Recipe::keeps(Index step) const {
    return (keep_every > 0 && step > 0 && step % keep_every == 0) ||
           std::find(keep.begin(), keep.end(), step) != keep.end();
}

Recipe parse_recipe(const json& value, const fs::path& folder, const fs::path& texts,
                    const std::string& where) {
    Recipe recipe;
    Fields fields(value, where);
    parse_data(fields.inside("data"), folder, texts, recipe.data);
    fields.path("tokenizer", recipe.tokenizer, folder);
    fields.number("vocabulary", recipe.vocabulary, 0, 1 << 24);
    fields.text("begin_token", recipe.begin_token);
    parse_model(fields.inside("model"), recipe);
    std::vector<Phase> phases;
    fields.list("phases", [&](const json& each, const std::string& name) {
        phases.push_back(parse_phase(each, name));
    });
    if (!phases.empty()) recipe.phases = phases;
    fields.number("accumulate", recipe.accumulate, 1, 1e6);
    parse_optimizer(fields.inside("optimizer"), recipe);
    fields.number("dropout", recipe.dropout, 0, 0.95);
    fields.number("seed", recipe.seed, 0, most);
    fields.number("log_every", recipe.log_every, 1, most);
    fields.number("validate_every", recipe.validate_every, 1, most);
    fields.number("checkpoint_every", recipe.checkpoint_every, 1, most);
    fields.number("keep_every", recipe.keep_every, 0, most);
    fields.list("keep", [&](const json& each, const std::string& name) {
        if (!each.is_number_unsigned()) throw FileError(name, "a step", each.dump());
        recipe.keep.push_back(each);
    });
    fields.list("prompts", [&](const json& each, const std::string& name) {
        if (!each.is_string()) throw FileError(name, "a text", each.dump());
        recipe.prompts.push_back(each);
    });
    std::string dtype(dtype_name(recipe.dtype));
    fields.text("dtype", dtype);
    recipe.dtype = parse_dtype(dtype, where);
    fields.end();
    return recipe;
}

json to_json(const Recipe& recipe) {
    json sources = json::array(), phases = json::array();
    for (const DocumentSource& each : recipe.data.sources) {
        sources.push_back({{"path", each.path.string()},
                           {"unit", each.unit},
                           {"form", each.form},
                           {"unwrap", each.unwrap},
                           {"join", each.join},
                           {"separator", each.separator},
                           {"repeat", each.repeat},
                           {"limit", each.limit}});
    }
    for (const Phase& each : recipe.phases) {
        phases.push_back({{"steps", each.steps},
                          {"rows", each.rows},
                          {"length", each.length},
                          {"any_start", each.any_start},
                          {"copies", each.copies},
                          {"shortest_span", each.shortest_span},
                          {"longest_span", each.longest_span}});
    }
    const GPT2Sizes& model = recipe.model;
    return {{"data",
             {{"sources", sources},
              {"held_out", recipe.data.held_out.string()},
              {"validation_share", recipe.data.validation_share},
              {"seed", recipe.data.seed},
              {"skip_invalid", recipe.data.skip_invalid}}},
            {"tokenizer", recipe.vocabulary > 0 ? "" : recipe.tokenizer.string()},
            {"vocabulary", recipe.vocabulary},
            {"begin_token", recipe.begin_token},
            {"model",
             {{"family", "gpt2"},
              {"layers", model.layers},
              {"width", model.width},
              {"heads", model.heads},
              {"ff_width", model.ff_width},
              {"positions", model.positions},
              {"initializer_range", model.initializer_range},
              {"sinusoid_base", recipe.sinusoid_base},
              {"sinusoid_amplitude", recipe.sinusoid_amplitude}}},
            {"phases", phases},
            {"accumulate", recipe.accumulate},
            {"optimizer",
             {{"name", recipe.muon ? "muon" : "adamw"},
              {"learning_rate", recipe.learning_rate},
              {"warm_up", recipe.warm_up},
              {"final_share", recipe.final_share},
              {"beta1", recipe.optimizer.beta1},
              {"beta2", recipe.optimizer.beta2},
              {"epsilon", recipe.optimizer.epsilon},
              {"weight_decay", recipe.optimizer.weight_decay},
              {"clip", recipe.clip}}},
            {"dropout", recipe.dropout},
            {"seed", recipe.seed},
            {"log_every", recipe.log_every},
            {"validate_every", recipe.validate_every},
            {"checkpoint_every", recipe.checkpoint_every},
            {"keep_every", recipe.keep_every},
            {"keep", recipe.keep},
            {"prompts", recipe.prompts},
            {"dtype", std::string(dtype_name(recipe.dtype))}};
}

void check_recipe(const Recipe& recipe) {
    if (recipe.data.sources.empty()) {
        throw ArgumentError("training text", "at least one source of documents", "none");
    }
    for (const Phase& phase : recipe.phases) {
        if (phase.length > recipe.model.positions) {
            throw ArgumentError(
                "length of a phase",
                "at most the model's " + std::to_string(recipe.model.positions) + " positions",
                std::to_string(phase.length));
        }
        if (phase.rows % recipe.accumulate != 0) {
            throw ArgumentError(
                "accumulate",
                "a number that divides the " + std::to_string(phase.rows) + " rows of a step",
                std::to_string(recipe.accumulate));
        }
    }
}

}  // namespace vitrine::train
