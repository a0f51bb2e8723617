#include "viz/app/model_shelf.h"

#include <algorithm>
#include <cstdio>

#include "models/registry.h"

namespace vitrine::viz {

std::span<const Suggestion> suggestions() {
    // Parameters: the models' cards on huggingface.co.
    static constexpr Suggestion all[] = {
        {"openai-community/gpt2", "gpt2", "124M", "the model that the chapters build, at full size",
         "각 장에서 만드는 모델의 실제 크기예요"},
        {"Qwen/Qwen2.5-0.5B", "qwen2", "494M",
         "rotary positions and grouped queries; reads Korean too",
         "로터리 위치와 묶은 쿼리를 써요. 한국어도 읽어요"},
        {"meta-llama/Llama-3.2-1B", "llama", "1.2B",
         "needs a token of your Hugging Face account (HF_TOKEN)",
         "Hugging Face 계정의 토큰(HF_TOKEN)이 있어야 받을 수 있어요"},
        {"google-bert/bert-base-uncased", "bert", "110M",
         "an encoder: every token sees the whole text, hidden words are filled in",
         "인코더예요. 모든 토큰이 글 전체를 보고, 가린 낱말을 채워요"},
        {"klue/roberta-base", "roberta", "111M", "an encoder that has read Korean",
         "한국어 글로 배운 인코더예요"},
        {"google/flan-t5-small", "t5", "77M", "an encoder and a decoder: from a text to a text",
         "인코더와 디코더로 글을 다른 글로 바꿔요"},
        {"sentence-transformers/all-MiniLM-L6-v2", "bert", "22.7M",
         "a vector for each sentence; near in meaning, near in direction",
         "문장마다 벡터를 만들어요. 뜻이 가까우면 방향도 가까워요"},
        {"openai/clip-vit-base-patch32", "clip", "151M",
         "pictures and texts as vectors of one space", "그림과 글을 한 공간의 벡터로 만들어요"},
        {"state-spaces/mamba-130m-hf", "mamba", "129M", "a state in place of attention",
         "어텐션 대신 상태를 이어 가요"},
    };
    return all;
}

std::vector<ShelfModel> models_here(std::span<const ShelfModel> before) {
    std::vector<ShelfModel> here;
    for (ModelPlace& place : known_models()) {
        const auto known = std::find_if(before.begin(), before.end(), [&](const ShelfModel& each) {
            return each.place.folder == place.folder && each.place.name == place.name;
        });
        if (known != before.end() && known->problem.empty()) {
            here.push_back(*known);
            continue;
        }
        ShelfModel model{std::move(place), {}, {}};
        try {
            model.info = info_of(load_model(model.place.folder));
        } catch (const std::exception& problem) {
            model.problem = problem.what();
        }
        here.push_back(std::move(model));
    }
    return here;
}

std::string megabytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, bytes < 1e8 ? "%.1f MB" : "%.0f MB", bytes / 1e6);
    return text;
}

std::string facts_of(const ModelInfo& n, Language language) {
    char text[160];
    std::snprintf(text, sizeof text,
                  say(language, "%s  ·  %d layers of %d heads  ·  %.1f million parameters  ·  %s",
                      "%s  ·  층 %d개, 층마다 헤드 %d개  ·  매개변수 %.1f백만 개  ·  %s"),
                  n.family.c_str(), static_cast<int>(n.layers), static_cast<int>(n.heads),
                  static_cast<double>(n.parameters) / 1e6, n.dtype.c_str());
    return text + std::string(", ") + megabytes(static_cast<double>(n.weight_bytes));
}

}  // namespace vitrine::viz
