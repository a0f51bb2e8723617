// vitrine next: the next token's probabilities, after the text or as each layer would have it.
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "generate/sampling.h"
#include "models/decoder.h"
#include "models/logit_lens.h"
#include "tensor/error.h"
#include "text/tokenizer.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

struct Options {
    std::string model, text;
    Sampling sampling;
    std::size_t count = 5;
    bool layers = false, as_json = false;
};

struct Candidate {
    std::string token;
    double probability = 0.0;
};

/// The likeliest tokens; those that the options rule out are not among them.
std::vector<Candidate> likeliest(std::span<const Real> logits, std::span<const int> ids,
                                 const Tokenizer& tokenizer, const Options& options) {
    const std::vector<Real> shares = next_token_probabilities(logits, ids, options.sampling);
    std::vector<int> order(shares.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return shares[static_cast<std::size_t>(a)] > shares[static_cast<std::size_t>(b)];
    });
    std::vector<Candidate> best;
    for (const int id : order) {
        const auto share = static_cast<double>(shares[static_cast<std::size_t>(id)]);
        if (best.size() == options.count || share == 0.0) break;
        best.push_back(
            {tokenizer.is_special(id) ? tokenizer.token(id) : visible(tokenizer.bytes(id)), share});
    }
    return best;
}

/// Where the logits come from: "text", or one entry for each place in the stream.
struct Place {
    std::string name;
    std::vector<Candidate> best;
};

std::vector<Place> places(const Decoder& model, const std::vector<int>& ids,
                          const Tokenizer& tokenizer, const Options& options) {
    Record record = Record::of({"blocks.0.resid_pre", "blocks.*.resid_post"});
    const Sequence sequence{ids, nullptr, options.layers ? &record : nullptr};
    const Tensor2 logits = model.forward({&sequence, 1}, Logits::last, fast_parts(), {}).front();
    std::vector<Place> result;
    const auto add = [&](const std::string& name, const Tensor2& row) {
        result.push_back({name, likeliest({row.data(), row.size()}, ids, tokenizer, options)});
    };
    if (!options.layers) {
        add("text", logits);
        return result;
    }
    const auto lens = [&](const std::string& name) {
        const Activation& stream = record.cache().at(name);
        const Index T = stream.shape[0], C = stream.shape[1];
        return logit_lens(model.weights(), Ref2(stream.values.data() + (T - 1) * C, {1, C}));
    };
    add("embedding", lens("blocks.0.resid_pre"));
    for (Index l = 0; l < model.info().layers; ++l) {
        const std::string name = "blocks." + std::to_string(l);
        add(name, lens(name + ".resid_post"));
    }
    return result;
}

std::string percent(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%5.1f %%", 100 * share);
    return text;
}

void print(const std::vector<Place>& all, bool layers) {
    for (const Place& place : all) {
        if (layers) std::cout << padded(place.name, 12);
        for (const Candidate& each : place.best) {
            if (layers) {
                std::cout << "  " << padded(each.token, 14) << percent(each.probability);
            } else {
                std::cout << padded(each.token, 14) << percent(each.probability) << '\n';
            }
        }
        if (layers) std::cout << '\n';
    }
}

void next(const Options& options) {
    check_sampling(options.sampling);
    const auto folder = model_folder(options.model);
    const auto loaded = load_language_model(folder);
    const auto* model = dynamic_cast<const Decoder*>(loaded.get());
    if (model == nullptr) {
        throw FileError(folder.string(), "a decoder, such as GPT-2 or Llama",
                        loaded->info().family);
    }
    const Tokenizer tokenizer = Tokenizer::load(folder);
    std::vector<int> ids = tokenizer.encode(options.text, false).ids;
    if (model->info().bos_id >= 0) ids.insert(ids.begin(), model->info().bos_id);  // as in the app
    const std::vector<Place> all = places(*model, ids, tokenizer, options);
    if (!options.as_json) {
        print(all, options.layers);
        return;
    }
    json result = json::array();
    for (const Place& place : all) {
        json best = json::array();
        for (const Candidate& each : place.best)
            best.push_back({{"token", each.token}, {"probability", each.probability}});
        result.push_back({{"place", place.name}, {"tokens", best}});
    }
    print_json(result);
}

}  // namespace

void add_next(Command app) {
    const Command command = app.add_subcommand("next", "The likeliest next tokens after a text");
    auto options = std::make_shared<Options>();
    command.add_option("--model", options->model, "name or folder (default: the bundled one)");
    command.add_option("--text", options->text, "what the model reads").required();
    command.add_option("--count", options->count, "how many tokens").range(1, 1000);
    command.add_option("--temperature", options->sampling.temperature, "0: the likeliest alone");
    command.add_option("--top-k", options->sampling.top_k, "only the k likeliest; 0: all");
    command.add_option("--top-p", options->sampling.top_p,
                       "only the likeliest that reach p together");
    command.add_flag("--layers", options->layers,
                     "what the model would say after each layer (logit lens)");
    command.add_flag("--json", options->as_json, "print JSON");
    command.example("vitrine next --text \"Once upon a\" --layers --count 3");
    command.callback([=] { next(*options); });
}

}  // namespace vitrine::cli
