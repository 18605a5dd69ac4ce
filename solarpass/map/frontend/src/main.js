// What Streamlit mounts: the map and the form that asks the question, and the city's heat.
import { HeatFace } from "./heat_face.js";
import { FrontSlider } from "./front_slider.js";
import { keepOne } from "./lifecycle.js";
import { QuestionForm } from "./question_form.js";
import { ReportForm } from "./report_form.js";
import { WalkMap } from "./walk_map.js";

export const showMap = keepOne((root) => new WalkMap(root));
export const showHeat = keepOne((root) => new HeatFace(root));
export const showReport = keepOne((root) => new ReportForm(root));
export const showFront = keepOne((root) => new FrontSlider(root));
export const showForm = keepOne((root) => new QuestionForm(root));
