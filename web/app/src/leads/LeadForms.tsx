import { CreateScreen } from "../modules/FormScreens";

export const CreateLead = () => <CreateScreen path="leads" />;
