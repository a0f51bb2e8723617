#include "text/jinja.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "tensor/error.h"
#include "text/jinja_parts.h"
#include "text/jinja_values.h"
#include "text/utf8.h"

namespace vitrine::jinja {

namespace {

using Kind = Expression::Kind;

constexpr std::size_t most_steps = 20'000'000;    // of a template that runs for ever
constexpr std::size_t steps_of_a_turn = 10;       // its variables are made
constexpr std::size_t largest_value = 4'000'000;  // numbers, texts and lists in it
constexpr int deepest_value = 100;
constexpr std::size_t most_bytes = 64U << 20U;  // of what it writes, and of one text
constexpr std::int64_t longest_range = 100'000;

enum class Flow { goes_on, leave_loop, next_turn };

class Renderer {
   public:
    Renderer(const std::string& where, const nlohmann::json& variables) : where_(where) {
        scopes_.emplace_back();
        for (const auto& [name, value] : variables.items()) scopes_.back()[name] = {value};
    }

    std::string run(const Node& root) {
        body(root.body);
        return std::move(out_);
    }

   private:
    using Scope = std::map<std::string, Value>;

    Flow body(const Nodes& nodes) {
        for (const NodePtr& each : nodes) {
            const Flow flow = node(*each);
            if (flow != Flow::goes_on) return flow;
        }
        return Flow::goes_on;
    }

    Flow node(const Node& node) {
        count(node.line);
        switch (node.kind) {
            case Node::Kind::text: write(node.text, node.line); break;
            case Node::Kind::print:
                write(at(node.line, [&] { return as_text(evaluate(*node.expression)); }),
                      node.line);
                break;
            case Node::Kind::loop: return loop(node);
            case Node::Kind::branch:
                return body(is_true(evaluate(*node.expression)) ? node.body : node.otherwise);
            case Node::Kind::set: set(node); break;
            case Node::Kind::leave_loop: return Flow::leave_loop;
            case Node::Kind::next_turn: return Flow::next_turn;
            case Node::Kind::block: return body(node.body);
        }
        return Flow::goes_on;
    }

    void set(const Node& node) {
        Value value = evaluate(*node.expression);
        if (node.attribute.empty()) {
            scopes_.back()[node.text] = std::move(value);
            return;
        }
        const Value space = variable(node.text);
        if (space.space == nullptr)
            fail(where_, node.line, "a namespace before ." + node.attribute, kind_of(space));
        (*space.space)[node.attribute] = value.data;
    }

    Flow loop(const Node& node) {
        std::vector<Value> turns;
        const Value all =
            at(node.line, [&] { return apply_filter("list", evaluate(*node.expression), {}); });
        for (const nlohmann::json& each : all.data) {
            count(node.line);
            if (node.condition != nullptr) {
                scopes_.emplace_back();
                bind(node, {each});
                const bool stays = is_true(evaluate(*node.condition));
                scopes_.pop_back();
                if (!stays) continue;
            }
            turns.push_back({each});
        }
        if (turns.empty()) return body(node.otherwise);
        const auto size = static_cast<std::int64_t>(turns.size());
        for (std::int64_t i = 0; i < size; ++i) {
            count(node.line, steps_of_a_turn);
            // What a turn sets is gone after it.
            scopes_.emplace_back();
            bind(node, turns[static_cast<std::size_t>(i)]);
            nlohmann::json about{{"index", i + 1},       {"index0", i},
                                 {"revindex", size - i}, {"revindex0", size - i - 1},
                                 {"first", i == 0},      {"last", i + 1 == size},
                                 {"length", size}};
            if (i > 0) about["previtem"] = turns[static_cast<std::size_t>(i - 1)].data;
            if (i + 1 < size) about["nextitem"] = turns[static_cast<std::size_t>(i + 1)].data;
            scopes_.back()["loop"] = {about};
            const Flow flow = body(node.body);
            scopes_.pop_back();
            if (flow == Flow::leave_loop) break;
        }
        return Flow::goes_on;
    }

    void bind(const Node& node, const Value& value) {
        if (node.names.size() == 1) {
            scopes_.back()[node.names[0]] = value;
            return;
        }
        if (!value.data.is_array() || value.data.size() != node.names.size()) {
            fail(where_, node.line, std::to_string(node.names.size()) + " values for each turn",
                 kind_of(value));
        }
        for (std::size_t i = 0; i < node.names.size(); ++i)
            scopes_.back()[node.names[i]] = {value.data[i]};
    }

    Value variable(const std::string& name) const {
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
            const auto found = scope->find(name);
            if (found != scope->end()) return found->second;
        }
        return Value::undefined();
    }

    Value evaluate(const Expression& e) {
        Value value = at(e.line, [&] { return evaluate_one(e); });
        const std::size_t size = at(e.line, [&] { return size_of(value.data); });
        if (value.data.is_string() && value.data.get_ref<const std::string&>().size() > most_bytes)
            fail(where_, e.line, "a text of at most 64 MB", "a longer one");
        count(e.line, size);
        return value;
    }

    Value evaluate_one(const Expression& e) {
        switch (e.kind) {
            case Kind::literal: return {e.value};
            case Kind::name: return variable(e.text);
            case Kind::list: {
                nlohmann::json list = nlohmann::json::array();
                for (const ExpressionPtr& each : e.parts) list.push_back(evaluate(*each).data);
                return {list};
            }
            case Kind::dictionary: {
                nlohmann::json object = nlohmann::json::object();
                for (std::size_t i = 0; i + 1 < e.parts.size(); i += 2)
                    object[as_text(evaluate(*e.parts[i]))] = evaluate(*e.parts[i + 1]).data;
                return {object};
            }
            case Kind::attribute: return attribute(evaluate(*e.parts[0]), e.text);
            case Kind::item: return item(evaluate(*e.parts[0]), evaluate(*e.parts[1]));
            case Kind::slice: {
                std::array<Value, 3> parts{Value::undefined(), Value::undefined(),
                                           Value::undefined()};
                for (std::size_t i = 1; i < e.parts.size(); ++i) {
                    if (e.parts[i] != nullptr) parts[i - 1] = evaluate(*e.parts[i]);
                }
                return slice(evaluate(*e.parts[0]), parts);
            }
            case Kind::call: return call(e);
            case Kind::filter: return apply_filter(e.text, evaluate(*e.parts[0]), arguments(e));
            case Kind::test:
                return {apply_test(e.text, evaluate(*e.parts[0]), arguments(e)) != e.negated};
            case Kind::unary: {
                const Value value = evaluate(*e.parts[0]);
                if (e.text == "not") return {!is_true(value)};
                return operate(e.text, {0}, value);
            }
            case Kind::binary: return binary(e);
            case Kind::choice:
                if (is_true(evaluate(*e.parts[1]))) return evaluate(*e.parts[0]);
                return e.parts[2] == nullptr ? Value::undefined() : evaluate(*e.parts[2]);
        }
        return Value::undefined();
    }

    Value binary(const Expression& e) {
        Value left = evaluate(*e.parts[0]);
        // As in Python, the deciding one of the two is the result.
        if (e.text == "and") return is_true(left) ? evaluate(*e.parts[1]) : left;
        if (e.text == "or") return is_true(left) ? left : evaluate(*e.parts[1]);
        return operate(e.text, left, evaluate(*e.parts[1]));
    }

    Arguments arguments(const Expression& e) {
        Arguments result;
        const std::size_t plain = e.parts.size() - e.names.size();
        for (std::size_t i = 1; i < e.parts.size(); ++i) {
            Value value = evaluate(*e.parts[i]);
            if (i < plain) {
                result.plain.push_back(std::move(value));
            } else {
                result.named.emplace_back(e.names[i - plain], std::move(value));
            }
        }
        return result;
    }

    Value call(const Expression& e) {
        const Expression& callee = *e.parts[0];
        const Arguments given = arguments(e);
        if (callee.kind == Kind::attribute)
            return call_method(evaluate(*callee.parts[0]), callee.text, given);
        const std::string name = callee.kind == Kind::name ? callee.text : "a value";
        if (name == "raise_exception") {
            const Value* message = given.get(0, "message");
            throw TextError(where_, "a conversation as the template takes it",
                            message == nullptr ? "another" : as_text(*message));
        }
        if (name == "namespace") {
            Value value;
            value.space = std::make_shared<nlohmann::json>(nlohmann::json::object());
            for (const auto& [key, each] : given.named) (*value.space)[key] = each.data;
            return value;
        }
        if (name == "range") return range(given);
        throw Problem{"a call of namespace, raise_exception, range or a method",
                      "\"" + name + "\""};
    }

    static Value range(const Arguments& given) {
        std::array<std::int64_t, 3> bounds{0, 0, 1};
        for (std::size_t i = 0; i < given.plain.size() && i < 3; ++i) {
            if (!given.plain[i].data.is_number_integer())
                throw Problem{"whole numbers for range", kind_of(given.plain[i])};
            bounds[i] = given.plain[i].data.get<std::int64_t>();
        }
        if (given.plain.size() == 1) bounds = {0, bounds[0], 1};
        const auto [begin, end, step] = bounds;
        if (step == 0) throw Problem{"a step other than 0", "0"};
        nlohmann::json list = nlohmann::json::array();
        for (std::int64_t i = begin; step > 0 ? i < end : i > end;) {
            if (static_cast<std::int64_t>(list.size()) == longest_range)
                throw Problem{"a range of at most 100,000 numbers", "a longer one"};
            list.push_back(i);
            if (__builtin_add_overflow(i, step, &i)) break;
        }
        return {list};
    }

    /// Says where a problem came up.
    template <class Work>
    auto at(int line, Work work) -> decltype(work()) {
        try {
            return work();
        } catch (const Problem& problem) {
            fail(where_, line, problem.expected, problem.actual);
        }
    }

    /// @param steps  more for what takes longer
    void count(int line, std::size_t steps = 1) {
        steps_ += steps;
        if (steps_ > most_steps)
            fail(where_, line, "a template that comes to its end", "more than 20,000,000 steps");
    }
    /// What it costs to hand a value on, which copies it; long texts count by their length.
    static std::size_t size_of(const nlohmann::json& data, int deeper = deepest_value) {
        if (data.is_string()) return 1 + data.get_ref<const std::string&>().size() / 256;
        if (!data.is_structured()) return 1;
        if (deeper == 0) throw Problem{"at most 100 lists inside of each other", "more"};
        std::size_t size = 1;
        for (const nlohmann::json& each : data) size += size_of(each, deeper - 1);
        if (size > largest_value) throw Problem{"at most 4,000,000 values in a list", "more"};
        return size;
    }
    void write(const std::string& text, int line) {
        if (out_.size() + text.size() > most_bytes)
            fail(where_, line, "at most 64 MB of text", "more");
        out_ += text;
    }

    const std::string& where_;
    std::vector<Scope> scopes_;
    std::string out_;
    std::size_t steps_ = 0;
};

}  // namespace

Template::Template(std::unique_ptr<const Node> root, std::string where)
    : root_(std::move(root)), where_(std::move(where)) {}
Template::~Template() = default;
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;

Template Template::parse(std::string_view text, const std::string& where) {
    check_utf8(text, where);
    return {parse_tokens(tokens_of(text, where), where), where};
}

std::string Template::render(const nlohmann::json& variables) const {
    return Renderer(where_, variables).run(*root_);
}

}  // namespace vitrine::jinja
