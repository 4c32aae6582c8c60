/** The faces of every page: one for words, one for numbers. */
import "@fontsource/source-serif-4/latin-400.css";
import "@fontsource/source-serif-4/latin-400-italic.css";
import "@fontsource/source-serif-4/greek-400-italic.css";
import "@fontsource/source-sans-3/latin-400.css";
