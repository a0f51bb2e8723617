#include "generate/generate.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "generate/stop_texts.h"
#include "golden.h"
#include "io/assets.h"
#include "io/json.h"
#include "tensor/error.h"
#include "text/utf8.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;

namespace {

struct Fixture {
    std::unique_ptr<LanguageModel> model = load_language_model(fixture("models/gpt2"));
    Tokenizer tokenizer = Tokenizer::load(fixture("models/gpt2"));
    json golden = read_json(fixture("models/gpt2/generate.json"));
    std::vector<int> prompt = golden["prompt"].get<std::vector<int>>();

    std::vector<int> ids(const GenerateOptions& options) const {
        return generate(*model, tokenizer, prompt, options).ids;
    }
};

GenerateOptions greedy(Index count = 24) {
    GenerateOptions options;
    options.sampling.temperature = 0;
    options.max_new_tokens = count;
    options.ignore_eos = true;
    return options;
}

}  // namespace

TEST_CASE("generate: greedy ids equal transformers'") {
    const Fixture f;
    GenerateOptions options = greedy();
    CHECK(json(f.ids(options)) == f.golden["greedy"]);
    options.sampling.repetition_penalty = 1.3F;
    CHECK(json(f.ids(options)) == f.golden["greedy_repetition_penalty_1.3"]);
    options.sampling.repetition_penalty = 1;
    options.sampling.no_repeat_ngram = 3;
    CHECK(json(f.ids(options)) == f.golden["greedy_no_repeat_ngram_3"]);
}

TEST_CASE("generate: beam search ids equal transformers'") {
    const Fixture f;
    for (const int beams : {2, 4}) {
        GenerateOptions options = greedy();
        options.beams = beams;
        CHECK(json(f.ids(options)) == f.golden["beam" + std::to_string(beams)]);
    }
}

TEST_CASE("generate: the bundled model's greedy texts equal those of a second implementation") {
    const auto model = load_language_model(bundled_model_folder());
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    const json golden = read_json(fixture("models/vitrine-small/generate.json"));
    for (const auto& [text, row] : golden.items()) {
        if (!row.is_object() || !row.contains("greedy")) continue;
        const auto& label = text;  // clang 14 captures no bindings
        INFO(label);
        const auto prompt = row["prompt"].get<std::vector<int>>();
        GenerateOptions options = greedy(Index(row["greedy"].size() - prompt.size()));
        options.ignore_eos = false;
        std::string streamed;
        const Generated made =
            generate(*model, tokenizer, prompt, options, [&](std::string_view part) {
                CHECK(first_invalid_byte(part) == std::string_view::npos);
                streamed += part;
            });
        CHECK(json(made.ids) == row["greedy"]);
        CHECK(streamed == made.text);
    }
}

TEST_CASE("sampling: probabilities after each option equal transformers'") {
    const TensorFile file = TensorFile::open(fixture("models/gpt2/sampling.safetensors"));
    const Tensor2 logits = golden<2>(file, "logits");
    const auto ids = file.at("input_ids").integers();
    const Index T = file.at("input_ids").shape[1];
    const auto V = std::size_t(logits.shape()[1]);
    int checked = 0;
    for (const auto& [name, stored] : file.tensors()) {
        const std::size_t last = name.rfind('_');
        if (name == "logits" || name == "input_ids" || last == std::string::npos) continue;
        const std::string option = name.substr(0, last);
        const float value = std::stof(name.substr(last + 1));
        Sampling sampling;
        if (option == "temperature") sampling.temperature = value;
        if (option == "top_k") sampling.top_k = int(value);
        if (option == "top_p") sampling.top_p = value;
        if (option == "min_p") sampling.min_p = value;
        if (option == "repetition_penalty") sampling.repetition_penalty = value;
        const std::vector<float> expected = stored.floats();
        for (std::size_t b = 0; b < logits.shape()[0]; ++b) {
            const auto& label = name;  // clang 14 captures no bindings
            INFO(label, " row ", b);
            const std::vector<int> seen(ids.begin() + Index(b) * T, ids.begin() + Index(b + 1) * T);
            const auto got = next_token_probabilities({logits.data() + b * V, V}, seen, sampling);
            double largest = 0;
            for (std::size_t i = 0; i < V; ++i) {
                largest = std::max(largest, std::abs(double(got[i]) - double(expected[b * V + i])));
            }
            CHECK(largest < 1e-6);  // one float32 rounding of a number up to 1, and of the logits
            ++checked;
        }
    }
    CHECK(checked == 2 * 12);
}

TEST_CASE("generate: the same seed gives the same text, another seed another") {
    const Fixture f;
    GenerateOptions options = greedy();
    options.sampling.temperature = 1.5F;
    options.sampling.seed = 3;
    const auto first = f.ids(options);
    CHECK(f.ids(options) == first);
    options.sampling.seed = 4;
    CHECK(f.ids(options) != first);
}

TEST_CASE("generate: draws follow the probabilities") {
    const Fixture f;
    Sampling sampling;
    sampling.top_k = 3;
    std::map<int, int> counts;
    std::vector<Real> probabilities;
    constexpr int draws = 600;
    for (int i = 0; i < draws; ++i) {
        sampling.seed = std::uint64_t(i);
        Generation generation(*f.model, f.prompt, sampling);
        ++counts[generation.next()];
        probabilities = generation.probabilities();
    }
    CHECK(counts.size() <= 3);
    for (const auto& [id, count] : counts) {
        // five standard deviations of a binomial
        const double p = double(probabilities[std::size_t(id)]);
        CHECK(std::abs(count - draws * p) < 5 * std::sqrt(draws * p * (1 - p)) + 1);
    }
}

TEST_CASE("generate: it ends at the model's last position") {
    const Fixture f;
    GenerateOptions options = greedy(1000);
    const Generated made = generate(*f.model, f.tokenizer, f.prompt, options);
    CHECK(made.finish == "positions");
    CHECK(Index(made.ids.size()) == f.model->info().max_positions + 1);
    options.beams = 2;
    CHECK(Index(f.ids(options).size()) == f.model->info().max_positions + 1);
}

TEST_CASE("stop texts: nothing of a stop text is ever shown") {
    StopTexts stops({"\nQ:", "END"});
    CHECK(stops.push("Hello\n") == "Hello");
    CHECK(stops.push("World E") == "\nWorld ");
    CHECK(stops.push("N") == "");
    CHECK(stops.push("T\n") == "ENT");
    CHECK(stops.push("Q: more") == "");
    CHECK(stops.found());
    CHECK(stops.push("END") == "");
    StopTexts unused({"END"});
    CHECK(unused.push("the EN") == "the ");
    CHECK(unused.finish() == "EN");
}

TEST_CASE("generate: a stop text over several tokens ends it") {
    const auto model = load_language_model(bundled_model_folder());
    const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    std::vector<int> prompt{0};
    for (const int id : tokenizer.encode("Once upon a time there was a little girl").ids)
        prompt.push_back(id);
    GenerateOptions options = greedy(40);
    options.stop = {"very excited"};
    const Generated made = generate(*model, tokenizer, prompt, options);
    CHECK(made.finish == "stop");
    CHECK(made.text == " named Sue. She was ");
}

TEST_CASE("sampling: options out of range are refused by name") {
    Sampling sampling;
    sampling.top_p = 0;
    CHECK_THROWS_WITH_AS(check_sampling(sampling),
                         doctest::Contains("top-p: expected a number above 0"), ArgumentError);
    sampling.top_p = 1;
    sampling.temperature = -1;
    CHECK_THROWS_WITH_AS(check_sampling(sampling), doctest::Contains("temperature"), ArgumentError);
}
