// What Streamlit mounts: the map, and the form that asks the question.
import { keepOne } from "./lifecycle.js";
import { QuestionForm } from "./question_form.js";
import { WalkMap } from "./walk_map.js";

export const showMap = keepOne((root) => new WalkMap(root));
export const showForm = keepOne((root) => new QuestionForm(root));
