#include "text/chat_template.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "scratch_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;

namespace {

std::string rendered(const std::string& text, const json& variables = json::object()) {
    return jinja::Template::parse(text, "test").render(variables);
}

}  // namespace

// Rendered by Python's Jinja with the settings of transformers.
TEST_CASE("chat template: transformers' texts and errors") {
    const json golden = read_json(fixture("chat/golden.json"));
    int texts = 0, errors = 0;
    for (const json& row : golden["rows"]) {
        const std::string name = row["template"];
        const auto chat = ChatTemplate::parse(golden["templates"][name].get<std::string>(),
                                              golden["bos_token"], golden["eos_token"], name);
        std::vector<ChatMessage> messages;
        for (const json& each : row["messages"])
            messages.push_back({each["role"], each["content"]});
        const bool begins_answer = row["add_generation_prompt"];
        CAPTURE(row.dump());
        if (row.contains("error")) {
            ++errors;
            CHECK_THROWS_WITH_AS(chat.render(messages, begins_answer),
                                 doctest::Contains(row["error"].get<std::string>().c_str()),
                                 TextError);
        } else {
            ++texts;
            CHECK(chat.render(messages, begins_answer) == row["text"].get<std::string>());
        }
    }
    CHECK(texts > 20);
    CHECK(errors > 0);
}

TEST_CASE("jinja: expressions as Python's Jinja gives them") {
    const json variables{{"n", 7},      {"text", "Abc"},           {"list", {1, 2, 3}},
                         {"no", false}, {"map", {{"k", "value"}}}, {"none_here", nullptr}};
    const auto gives = [&](const char* expression, const std::string& expected) {
        CAPTURE(expression);
        CHECK(rendered(std::string("{{ ") + expression + " }}", variables) == expected);
    };
    gives("1 + 2 * 3", "7");
    gives("(1 + 2) * 3", "9");
    gives("-7 // 2", "-4");
    gives("-7 % 3", "2");
    gives("7 / 2", "3.5");
    gives("'a' ~ 1 ~ true ~ none", "a1TrueNone");
    gives("'a' 'b' + \"c\"", "abc");
    gives("'tab\\t\\'quoted\\' \\u00e9'", "tab\t'quoted' é");
    gives("text[0] + text[-1]", "Ac");
    gives("'안녕하세요'[1:3]", "녕하");
    gives("list[::-1] | join(',')", "3,2,1");
    gives("list[1:] | length", "2");
    gives("missing", "");
    gives("map.k ~ map['k'] ~ map.other", "valuevalue");
    gives("map.get('x', 'other')", "other");
    gives("n if n > 5 else 'small'", "7");
    gives("'x' if no", "");
    gives("no or 'then'", "then");
    gives("n and text", "Abc");
    gives("not no and n == 7", "True");
    gives("2 in list and 5 not in list and 'b' in text and 'k' in map", "True");
    gives("missing is defined", "False");
    gives("missing is not defined and none_here is none and text is string", "True");
    gives("map is mapping and list is iterable and n is number and 3 is odd", "True");
    gives("missing | default('d') ~ ('' | default('e', true))", "de");
    gives("'  a b ' | trim | upper | lower | capitalize", "A b");
    gives("'a-b-c'.split('-') | last", "c");
    gives("' x '.strip() ~ 'xay'.strip('xy') ~ 'abc'.startswith('ab')", "xaTrue");
    gives("'aXbX' | replace('X', '--')", "a--b--");
    gives("{'a': [1, 'é', none], 'b': true} | tojson", R"({"a": [1, "é", null], "b": true})");
}

TEST_CASE("jinja: loops, conditions, variables and white space") {
    CHECK(rendered(
              "{% for x in [1, 2, 3] %}{{ loop.index }}{{ ',' if not loop.last }}{% endfor %}") ==
          "1,2,3");
    CHECK(rendered("{% for x in [] %}a{% else %}none{% endfor %}") == "none");
    CHECK(rendered(
              "{% for x in [1, 2, 3, 4] if x % 2 == 0 %}{{ x }}/{{ loop.length }} {% endfor %}") ==
          "2/2 4/2 ");
    CHECK(rendered("{% for k, v in {'a': 1}.items() %}{{ k }}={{ v }}{% endfor %}") == "a=1");
    CHECK(rendered("{% for x in range(5) %}{% if x == 1 %}{% continue %}{% endif %}"
                   "{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}") == "02");
    // What a turn of a loop sets is gone after it; a namespace stays.
    CHECK(rendered("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}") == "1");
    CHECK(rendered("{% set n = namespace(x=1) %}{% for i in [1] %}{% set n.x = 2 %}{% endfor %}"
                   "{{ n.x }}") == "2");
    CHECK(rendered("{% if false %}a{% elif true %}b{% else %}c{% endif %}") == "b");
    // trim_blocks and lstrip_blocks
    CHECK(rendered("a\n  {% if true %}\nb\n  {% endif %}\nc\n") == "a\nb\nc");
    CHECK(rendered("a {%- if true -%}  b  {%- endif %} c") == "ab c");
    CHECK(rendered("a\n  {%+ if true +%}\nb{% endif %}") == "a\n  \nb");
    CHECK(rendered("a {# nothing\n here #} b") == "a  b");
    CHECK(rendered("{{ 'x' }}\n{{- 'y' }}") == "xy");
}

TEST_CASE("jinja: what is not of this part is refused by its name, with the line") {
    const auto refuses = [](const std::string& text, const char* names) {
        CAPTURE(text);
        CHECK_THROWS_WITH_AS(rendered(text), doctest::Contains(names), TextError);
    };
    refuses("a\nb {% macro f() %}{% endmacro %}", "line 2");
    refuses("{% macro f() %}{% endmacro %}", "\"macro\"");
    refuses("{{ x | wordwrap }}", "\"wordwrap\"");
    refuses("{{ 1 is prime }}", "\"prime\"");
    refuses("{{ 'a'.zfill(3) }}", "\"zfill\"");
    refuses("{{ strftime_now('%Y') }}", "\"strftime_now\"");
    refuses("{{ 2 ** 3 }}", "\"**\"");
    refuses("{{ x.y.z }}", "not defined");
    refuses("{{ 'a' + 1 }}", "a text and a number");
    refuses("{{ 1 // 0 }}", "divisor");
    refuses("{{ [1] }}", "tojson");
    refuses("{% if true %}", "endif");
    refuses("{% endif %}", "\"endif\"");
    refuses("{{ 'a }}", "quotes");
    refuses("{{ (1 }}", "pairs");
    refuses("{{ ) }}", "pairs");
    refuses("{% break %}", "for");
    refuses("{{ 1 < 2 < 3 }}", "chain");
    refuses("{{ 99999999999999999999 }}", "64 bits");
    refuses("{{ raise_exception('not so') }}", "not so");
}

TEST_CASE("jinja: hostile templates end with an error") {
    const auto ends = [](const std::string& text) { CHECK_THROWS_AS(rendered(text), TextError); };
    ends("{{ " + std::string(100'000, '(') + "1" + std::string(100'000, ')') + " }}");
    ends("{{ " + std::string(100'000, '-') + "1 }}");
    std::string nested, sums = "{{ 1";
    for (int i = 0; i < 10'000; ++i) nested += "{% if true %}";
    for (int i = 0; i < 10'000; ++i) sums += " + 1";
    ends(nested);
    ends(sums + " }}");
    ends("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}");
    ends("{{ range(100000000000) }}");
    ends(
        "{% set n = namespace(x='ab') %}{% for i in range(64) %}{% set n.x = n.x ~ n.x %}"
        "{% endfor %}");
    for (const char* grown : {"[n.x]", "[n.x, n.x]", "{'a': n.x}", "n.x + n.x"})
        ends("{% set n = namespace(x=[1]) %}{% for i in range(100000) %}{% set n.x = " +
             std::string(grown) + " %}{% endfor %}");
    ends("{{ '\xff' }}");
}

TEST_CASE("chat template: from the files of a model's folder") {
    const ScratchFolder folder;
    const std::vector<ChatMessage> messages{{"user", "Hi"}};
    CHECK_THROWS_AS(ChatTemplate::load(folder.path()), FileError);
    folder.write("tokenizer_config.json", R"({"bos_token": "<s>"})");
    CHECK_THROWS_WITH_AS(ChatTemplate::load(folder.path()), doctest::Contains("chat_template"),
                         FileError);
    folder.write("tokenizer_config.json", R"({"bos_token": {"content": "<s>"}, "chat_template": [
        {"name": "tool_use", "template": "no"},
        {"name": "default", "template": "{{ bos_token }}{{ messages[0].content }}"}]})");
    CHECK(ChatTemplate::load(folder.path()).render(messages) == "<s>Hi");
    folder.write("chat_template.jinja",
                 "{{ messages[0].role }}{% if add_generation_prompt %}:{% endif %}\n");
    CHECK(ChatTemplate::load(folder.path()).render(messages) == "user:");
    CHECK(ChatTemplate::load(folder.path()).render(messages, false) == "user");
}
