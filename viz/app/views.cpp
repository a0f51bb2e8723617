#include "viz/app/view.h"
#include "viz/views/activations.h"
#include "viz/views/attention.h"
#include "viz/views/beams.h"
#include "viz/views/compare.h"
#include "viz/views/embeddings.h"
#include "viz/views/encoder_decoder.h"
#include "viz/views/gradients.h"
#include "viz/views/masks.h"
#include "viz/views/merges.h"
#include "viz/views/model.h"
#include "viz/views/models.h"
#include "viz/views/neurons.h"
#include "viz/views/next_token.h"
#include "viz/views/pictures.h"
#include "viz/views/positions.h"
#include "viz/views/residual.h"
#include "viz/views/similarity.h"
#include "viz/views/state_space.h"
#include "viz/views/steps.h"
#include "viz/views/timeline.h"
#include "viz/views/tokens.h"
#include "viz/views/training.h"

namespace vitrine::viz {

std::span<const View> views() {
    static constexpr View all[] = {
        {"model", "Model", "모델 전체", draw_model},
        {"tokens", "Tokens", "토큰", draw_tokens},
        {"embeddings", "Embeddings", "임베딩", draw_embeddings},
        {"positions", "Positions", "위치", draw_positions},
        {"attention", "Attention", "어텐션", draw_attention},
        {"steps", "Step by step", "한 걸음씩", draw_attention_steps},
        {"activations", "Activations", "활성값", draw_activations},
        {"residual", "Residual stream", "잔차 흐름", draw_residual},
        {"neurons", "Neurons", "뉴런", draw_neurons},
        {"masks", "Masks", "마스크", draw_masks},
        {"encoder-decoder", "Encoder-decoder", "인코더-디코더", draw_encoder_decoder},
        {"memory", "Memory", "기억", draw_state_space},
        {"next", "Next token", "다음 토큰", draw_next},
        {"timeline", "Timeline", "시간", draw_timeline},
        {"beams", "Beams", "빔", draw_beams},
        {"similarity", "Similarity", "유사도", draw_similarity},
        {"pictures", "Pictures", "그림", draw_pictures},
        {"compare", "Parts", "부품", draw_compare, false},
        {"merges", "Merges", "병합", draw_merges, false},
        {"gradients", "Gradients", "기울기", draw_gradients, false},
        {"training", "Training", "학습", draw_training, false},
        {"models", "Models", "모델 고르기", draw_models, false},
    };
    return all;
}

}  // namespace vitrine::viz
