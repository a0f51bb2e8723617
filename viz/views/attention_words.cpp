// What the attention view says of each kind of attention.
#include "viz/views/attention_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

bool across(const AttentionStack& stack) {
    return stack.queries != stack.keys;
}

bool of_picture(const AttentionStack& stack) {
    return stack.queries == Axis::picture;
}

}  // namespace

const char* stack_sentence(const ViewContext& context, const AttentionStack& stack) {
    if (across(stack)) {
        return context.say(
            "Each row is a token that the model wrote. It looks across at your text; the stronger "
            "the colour, the more it takes from there. Every small map is one head.",
            "행마다 모델이 쓴 토큰이 하나예요. 이 토큰이 여러분의 글을 건너다봐요. 색이 진할수록 "
            "거기에서 더 많이 가져와요. 작은 그림 하나가 헤드 하나예요.");
    }
    if (of_picture(stack)) {
        return context.say(
            "Each row is a patch of the picture that looks at all patches, named by row and "
            "column. The first is the class embedding: what it gathers stands for the whole "
            "picture. Every small map is one head.",
            "행마다 그림 조각 하나가 모든 조각을 봐요. 조각의 이름은 행과 열이에요. 맨 앞은 "
            "클래스 임베딩이고, 여기에 모인 것이 그림 전체를 대표해요. 작은 그림 하나가 헤드 "
            "하나예요.");
    }
    if (!stack.sight_of(-1).causal) {
        return context.say(
            "Each row is a token that looks at the whole text, before it and behind it; the "
            "stronger the colour, the more it takes from that token. Every small map is one head.",
            "행마다 한 토큰이 앞뒤의 글 전체를 봐요. 색이 진할수록 그 토큰에서 더 많이 가져와요. "
            "작은 그림 하나가 헤드 하나예요.");
    }
    if (stack.queries == Axis::target) {
        return context.say(
            "Each row is a token that the model wrote. It looks back over what it has written so "
            "far. Every small map is one head.",
            "행마다 모델이 쓴 토큰이 하나예요. 이 토큰이 그때까지 쓴 글을 돌아봐요. 작은 그림 "
            "하나가 헤드 하나예요.");
    }
    return context.say(
        "Each row is a token that looks back over the text; the stronger the "
        "colour, the more it takes from that token. Every small map is one head.",
        "행마다 한 토큰이 앞의 글을 돌아봐요. 색이 진할수록 그 토큰에서 더 많이 "
        "가져와요. 작은 그림 하나가 헤드 하나예요.");
}

const char* query_title(const ViewContext& context, const AttentionStack& stack) {
    switch (stack.queries) {
        case Axis::text: break;
        case Axis::target:
            return context.say("query: the written token that looks", "쿼리: 모델이 쓴, 보는 토큰");
        case Axis::picture: return context.say("query: the patch that looks", "쿼리: 보는 조각");
    }
    return context.say("query: the token that looks", "쿼리: 보는 토큰");
}

const char* key_title(const ViewContext& context, const AttentionStack& stack) {
    if (across(stack)) return context.say("key: your token looked at", "키: 내 글에서 보이는 토큰");
    if (of_picture(stack)) return context.say("key: the patch looked at", "키: 보이는 조각");
    return context.say("key: the token looked at", "키: 보이는 토큰");
}

const char* hidden_sentence(const ViewContext& context, const AttentionMemory& memory) {
    if (memory.map.sight.causal)
        return context.say("hidden: a token that comes later", "가려짐: 뒤에 오는 토큰");
    return of_picture(*memory.stack) ? context.say("nothing is hidden: every patch sees all",
                                                   "가려진 것이 없어요: 모든 조각이 전부를 봐요")
                                     : context.say("nothing is hidden: every token sees all",
                                                   "가려진 것이 없어요: 모든 토큰이 전부를 봐요");
}

void draw_without_patterns(ViewContext& context, const AttentionStack* stack) {
    const Theme& theme = context.theme;
    if (stack != nullptr && of_picture(*stack)) return draw_without_picture(context);
    draw_state(theme, context.say("No attention was kept", "어텐션 기록이 없어요"),
               context.say("This run holds no patterns.", "이번 실행에는 패턴이 남아 있지 않아요."),
               theme.muted);
}

}  // namespace vitrine::viz
