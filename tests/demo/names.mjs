// Common names in Sweden, of many origins, for people who do not exist.

export const GIVEN = (
  "Alma Alice Agnes Astrid Aisha Amina Ali Adam Alexander Anton Arvid Axel Benjamin Clara Daniel Dania Ebba Edvin Elias " +
  "Elif Ella Elsa Emil Emma Erik Ester Fatima Filip Freja Gabriel Greta Gustav Hanna Hassan Hedda Hugo Ida Ingrid Isak Iris Jakob Jonas " +
  "Julia Kevin Klara Leia Leo Liam Linnéa Lova Lovisa Ludvig Maja Malva Mariam Melvin Meja Mila Mohamed Moa Nils Noah Noor Nova Olivia Omar " +
  "Oskar Otto Saga Samir Samuel Sara Selma Sigrid Signe Sixten Sofia Stella Thea Theo Tilde Tuva Vera Viggo Vilma Wilma William Yasmin Zahra Åke Ömer"
).split(" ");

export const FAMILY = (
  "Abdi Ahmed Ali Andersson Axelsson Berg Bergström Björk Blom Dahl Danielsson Ekström Eliasson Engström Eriksson Forsberg " +
  "Fredriksson Gustafsson Haddad Hansson Hassan Hedlund Henriksson Holm Holmberg Hussein Håkansson Isaksson Jakobsson Jansson Johansson " +
  "Jonsson Karlsson Kaya Khalil Larsson Lind Lindberg Lindgren Lindqvist Lindström Lundberg Lundgren Löfgren Mattsson Mohamed Månsson " +
  "Nguyen Nilsson Nordin Norberg Nyström Olofsson Olsson Persson Pettersson Sandberg Samuelsson Sjöberg Ström Sundberg Svensson " +
  "Söderberg Wallin Warsame Wikström Yilmaz Åberg Åkesson Öberg Östlund O'Brien"
).split(" ");
