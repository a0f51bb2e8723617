// The cases of chapter 11. golden.safetensors holds slices of what others made:
//   stories.*         transformers' logits for the bundled stories260k (tests/fixtures/README.md)
//   llama2c.keys      columns 0 to 15 of the first block's key weight, as llama2.c's file has it
//   hugging_face.keys the same in the Hugging Face folder that was made of that file
//   bert.*, roberta.* of transformers' small models with random weights (tests/fixtures/models);
//                     bert.likeliest are the five largest of row 5 of bert.mlm_logits
// The others are worked out beside them.
#include "chapters/11_pretrained/exercise_test.h"

#include <map>
#include <memory>

#include "chapters/11_pretrained/pretrained.h"
#include "chapters/runner/case_tools.h"
#include "io/assets.h"
#include "models/decoder.h"
#include "nn/layer_norm.h"
#include "tensor/error.h"

namespace vitrine::runner {

namespace {

using Places = std::vector<std::string>(std::string_view, bool);
using LinearWeight = Tensor2(Ref2, bool);
using HalfSplit = Tensor2(Ref2, Index);
using PositionIds = std::vector<int>(std::span<const int>, int);
using MaskedWords = std::vector<int>(Ref2, std::span<const int>, int, int);

/// A place as a number: that of the list in exercise.cpp, 100 more for each layer, a half for a
/// bias.
double number_of(const std::string& name, const std::string& place) {
    static const std::vector<std::string> parts{
        "wte",  "wpe",    "ln_1",    "attn.q",   "attn.k", "attn.v", "attn.out",
        "ln_2", "mlp.in", "mlp.out", "mlp.gate", "ln_f",   "unembed"};
    std::string_view rest = place;
    double number = 0;
    if (rest.starts_with("blocks.")) {
        rest.remove_prefix(7);
        const std::size_t digits = std::min(rest.find('.'), rest.size());
        const std::string layer(rest.substr(0, digits));
        const bool is_number = !layer.empty() && layer.size() < 5 &&
                               layer.find_first_not_of("0123456789") == std::string::npos;
        if (is_number) number = 100 * std::stoi(layer);
        rest.remove_prefix(is_number ? std::min(digits + 1, rest.size()) : 0);
    }
    const std::size_t dot = std::min(rest.rfind('.'), rest.size());
    const auto found = std::find(parts.begin(), parts.end(), rest.substr(0, dot));
    const std::string_view ending = rest.substr(dot);
    if (found == parts.end() || (ending != ".weight" && ending != ".bias")) {
        throw ArgumentError("places(\"" + name + "\")",
                            "names of the list with .weight or .bias behind them",
                            "\"" + place + "\"");
    }
    return number + double(found - parts.begin()) + (ending == ".bias" ? 0.5 : 0.0);
}

/// All the places of several names, one after the other.
Case places_case(const char* id, const std::vector<std::string>& names, bool tied,
                 const std::vector<double>& expected) {
    const auto run = [=](const Functions& functions) {
        Values result;
        for (const std::string& name : names) {
            for (const std::string& place : functions.get<Places>("places")(name, tied))
                result.values.push_back(number_of(name, place));
        }
        result.shape = {static_cast<Index>(result.values.size())};
        return result;
    };
    return {"places", id, run, Values({static_cast<Index>(expected.size())}, expected), 0.0};
}

/// The bundled stories260k with the learner's names: logits at positions 3, 15 and 31.
Case stories_case(const TensorFile& golden) {
    const auto all = golden.at("stories.input_ids").integers();
    const std::vector<int> ids(all.begin(), all.end());
    const auto run = [=](const Functions& functions) {
        const auto folder = assets_folder() / "models/stories260k";
        const chapters::Plan plan = chapters::read_plan(ConfigFile::open(folder));
        const ModelInfo info = load_language_model(folder)->info();
        chapters::Placed placed = chapters::place_tensors(TensorFile::open(folder), plan,
                                                          functions.get<Places>("places"));
        // What no tensor fills is made anew by most libraries; here it is zeros.
        placed.try_emplace("unembed.weight", zeros<2>({info.vocabulary, info.width}));
        const Decoder model(info, chapters::build(plan, placed));
        const Sequence sequence{ids};
        const Tensor2 logits = model.forward({&sequence, 1}, Logits::all, fast_parts(), {}).front();
        Values result({3, info.vocabulary}, {});
        for (const std::size_t t : {3, 15, 31}) {
            const Tensor1 row = xt::row(logits, t);
            result.values.insert(result.values.end(), row.begin(), row.end());
        }
        return result;
    };
    // Bound: as the library's own model holds.
    return {"places", "stories260k", run, Values(golden.at("stories.logits")), 1e-4};
}

Case weight_case(const char* id, const Tensor2& stored, bool conv1d, const Tensor2& expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<LinearWeight>("linear_weight")(stored, conv1d));
    };
    return {"linear_weight", id, run, Values(expected), 0.0};
}

/// BERT's next-sentence head, an nn.Linear: x W + b for two texts.
Case next_sentence_case(const TensorFile& golden) {
    const Tensor2 x = tensor_of<2>(golden.at("bert.pooler_output"));
    const Tensor2 stored = tensor_of<2>(golden.at("bert.seq_relationship.weight"));
    const Tensor1 bias = tensor_of<1>(golden.at("bert.seq_relationship.bias"));
    const auto run = [=](const Functions& functions) {
        const Tensor2 weight = functions.get<LinearWeight>("linear_weight")(stored, false);
        const bool fits = shape_of(weight) == Shape<2>{48, 2};
        return fits ? Values(Linear(Matrix(weight), bias)(x)) : Values(weight);
    };
    return {"linear_weight", "next_sentence", run, Values(golden.at("bert.nsp_logits")), 1e-5};
}

Case rotary_case(const char* id, const Tensor2& weight, Index heads, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<HalfSplit>("half_split")(weight, heads));
    };
    return {"half_split", id, run, std::move(expected), 0.0};
}

/// Rows that hold their own number.
Tensor2 numbered(const std::vector<int>& order) {
    Tensor2 rows = uninitialized<2>({static_cast<Index>(order.size()), 2});
    for (std::size_t i = 0; i < order.size(); ++i) rows(i, 0) = rows(i, 1) = Real(order[i]);
    return rows;
}

Values as_values(const std::vector<int>& numbers) {
    return {{static_cast<Index>(numbers.size())}, {numbers.begin(), numbers.end()}};
}

Case position_case(const char* id, const std::vector<int>& ids, int padding,
                   const std::vector<int>& expected) {
    const auto run = [=](const Functions& functions) {
        return as_values(functions.get<PositionIds>("position_ids")(ids, padding));
    };
    return {"position_ids", id, run, as_values(expected), 0.0};
}

/// A small RoBERTa's embeddings of ten tokens and four of padding, from position 8 on: the rows of
/// the tokens, which the golden holds, plus those of the positions, through the first norm.
Case roberta_case(const TensorFile& golden) {
    const auto all = golden.at("roberta.input_ids").integers();
    const std::vector<int> ids(all.begin(), all.end());
    const Tensor2 words = tensor_of<2>(golden.at("roberta.words"));
    const Tensor2 positions = tensor_of<2>(golden.at("roberta.positions"));
    const Tensor2 norm = tensor_of<2>(golden.at("roberta.norm"));
    const auto run = [=](const Functions& functions) {
        const std::vector<int> at = functions.get<PositionIds>("position_ids")(ids, 1);
        if (at.size() != ids.size()) return as_values(at);
        Tensor2 x = words;
        for (std::size_t t = 8; t < ids.size(); ++t) {
            if (at[t] < 0 || at[t] >= 20) {
                throw ArgumentError("position_ids", "positions from 0 to 19",
                                    std::to_string(at[t]));
            }
            xt::row(x, t - 8) += xt::row(positions, at[t]);
        }
        return Values(
            fast::layer_norm(x, {xt::row(norm, 0), xt::row(norm, 1), 1e-5F, Norm::layer}));
    };
    return {"position_ids", "small_roberta", run, Values(golden.at("roberta.embedded")), 1e-5};
}

Case masked_case(const char* id, const Tensor2& logits, const std::vector<int>& ids, int mask,
                 int count, const std::vector<int>& expected) {
    const auto run = [=](const Functions& functions) {
        return as_values(functions.get<MaskedWords>("masked_words")(logits, ids, mask, count));
    };
    return {"masked_words", id, run, as_values(expected), 0.0};
}

void add_places(std::vector<Case>& cases) {
    const std::string attention = "model.layers.11.self_attn.", mlp = "model.layers.2.mlp.";
    cases.push_back(places_case("llama_attention",
                                {attention + "q_proj.weight", attention + "k_proj.weight",
                                 attention + "v_proj.weight", attention + "o_proj.weight"},
                                false, {1103, 1104, 1105, 1106}));
    cases.push_back(
        places_case("llama_feed_forward",
                    {mlp + "gate_proj.weight", mlp + "up_proj.weight", mlp + "down_proj.weight"},
                    false, {210, 208, 209}));
    cases.push_back(
        places_case("llama_norms",
                    {"model.layers.0.input_layernorm.weight",
                     "model.layers.0.post_attention_layernorm.weight", "model.norm.weight"},
                    false, {2, 7, 11}));
    const std::string block = "transformer.h.3.";
    cases.push_back(
        places_case("gpt2_block",
                    {block + "ln_1.bias", block + "attn.c_proj.weight", block + "ln_2.weight",
                     block + "mlp.c_fc.bias", block + "mlp.c_proj.weight", "transformer.ln_f.bias"},
                    true, {302.5, 306, 307, 308.5, 309, 11.5}));
    cases.push_back(places_case("three_in_one",
                                {block + "attn.c_attn.weight", block + "attn.c_attn.bias"}, true,
                                {303, 304, 305, 303.5, 304.5, 305.5}));
    cases.push_back(places_case("no_prefix",
                                {"h.0.ln_2.weight", "wpe.weight", "layers.0.mlp.up_proj.weight"},
                                true, {7, 1, 8}));
    // A mask, what stood for minus infinity in it, rotary frequencies: computed, not learnt.
    cases.push_back(places_case(
        "nothing_learnt",
        {"transformer.wpe.weight", "transformer.h.0.attn.bias", "transformer.h.0.attn.masked_bias",
         "model.layers.0.self_attn.rotary_emb.inv_freq"},
        false, {1}));
    const std::vector<std::string> tables{"model.embed_tokens.weight", "lm_head.weight",
                                          "transformer.wte.weight"};
    cases.push_back(places_case("tied", tables, true, {0, 12, 0, 12}));
    cases.push_back(places_case("untied", tables, false, {0, 12, 0}));
}

}  // namespace

std::vector<Case> pretrained_cases(const std::filesystem::path& golden_folder) {
    const TensorFile golden = TensorFile::open(golden_folder / "golden.safetensors");
    std::vector<Case> cases;
    add_places(cases);
    cases.push_back(stories_case(golden));

    const Tensor2 wide{{1, 2, 3}, {4, 5, 6}}, turned{{1, 4}, {2, 5}, {3, 6}};
    const Tensor2 square{{1, 2}, {3, 4}}, square_turned{{1, 3}, {2, 4}};
    cases.push_back(weight_case("from_linear", wide, false, turned));
    cases.push_back(weight_case("from_conv1d", wide, true, wide));
    cases.push_back(weight_case("square_linear", square, false, square_turned));
    cases.push_back(weight_case("square_conv1d", square, true, square));
    cases.push_back(next_sentence_case(golden));

    // One head of six rows: the first of each pair, then the second of each.
    cases.push_back(rotary_case("one_head", numbered({0, 1, 2, 3, 4, 5}), 1,
                                Values(numbered({0, 2, 4, 1, 3, 5}))));
    cases.push_back(rotary_case("two_heads", numbered({0, 1, 2, 3, 4, 5, 6, 7}), 2,
                                Values(numbered({0, 2, 1, 3, 4, 6, 5, 7}))));
    cases.push_back(rotary_case("keys_of_llama2c", tensor_of<2>(golden.at("llama2c.keys")), 4,
                                Values(golden.at("hugging_face.keys"))));

    cases.push_back(position_case("no_padding", {0, 31414, 232, 2}, 1, {2, 3, 4, 5}));
    cases.push_back(position_case("padding_behind", {0, 31414, 2, 1, 1}, 1, {2, 3, 4, 1, 1}));
    cases.push_back(position_case("padding_in_front", {1, 1, 0, 31414, 2}, 1, {1, 1, 2, 3, 4}));
    cases.push_back(position_case("padding_is_0", {5, 7, 6, 0}, 0, {1, 2, 3, 0}));
    cases.push_back(roberta_case(golden));

    const Tensor2 logits{{9, 0, 5}, {0, 9, 5}, {1, 2, 3}, {3, 2, 1}};
    cases.push_back(masked_case("one_word", logits, {7, 8, 4, 9}, 4, 2, {2, 1}));
    cases.push_back(masked_case("two_words", logits, {7, 4, 4, 9}, 4, 1, {1, 2}));
    // The token 23, at position 5, stands for the mask.
    const auto all = golden.at("bert.input_ids").integers();
    const auto likeliest = golden.at("bert.likeliest").integers();
    cases.push_back(masked_case("small_bert", tensor_of<2>(golden.at("bert.mlm_logits")),
                                {all.begin(), all.end()}, 23, 5,
                                {likeliest.begin(), likeliest.end()}));
    return cases;
}

}  // namespace vitrine::runner
