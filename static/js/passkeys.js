/* Says in French why a passkey could not be used: allauth's scripts only write in the console. */
const REASONS = {
  NotAllowedError: "La demande a été annulée, ou elle a pris trop de temps.",
  InvalidStateError: "Cet appareil protège déjà votre compte.",
  SecurityError: "Les clés d’accès demandent une adresse de site en https, ou http://localhost.",
};
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const box = document.getElementById("passkey-error");
  box.querySelector(".why").textContent = REASONS[event.detail.exception?.name] ?? "";
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
});
