import { CreateScreen, EditScreen } from "../modules/FormScreens";
import { CommissionFollows } from "./CommissionFollows";

export const CreateEscrow = () => <CreateScreen path="escrows" within={(form) => <CommissionFollows form={form} />} />;
export const EditEscrow = () => <EditScreen path="escrows" within={(form) => <CommissionFollows form={form} />} />;
